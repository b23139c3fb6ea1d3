import assert from "node:assert/strict";
import { utf8 } from "../../src/codec/bytes.js";
import type { Group } from "../../src/mls/group.js";
import { parseKeyPackage } from "../../src/mls/key-package.js";
import { propose, proposeExternally, proposeJoining, proposeUpdate } from "../../src/mls/propose.js";
import { externalPskId, type PreSharedKey, resumptionPskId } from "../../src/mls/psk.js";
import type { GroupContext } from "../../src/mls/wire/group-context.js";
import type { Proposal } from "../../src/mls/wire/proposal.js";
import {
  contextExtensions,
  type HistoryClient,
  type HistoryNewcomer,
  type HistorySeat,
  makeHistoryClient,
  makeNewcomer,
} from "./history-client.js";
import type { Wish } from "./history-model.js";

/** Makes the proposals of a history, remembers those that are pending, and who could be added by them. */
export class HistoryProposals {
  readonly #newcomers = new Map<string, HistoryNewcomer>();
  readonly #pending = new Map<number, Uint8Array>();
  readonly #hub: HistoryClient;
  /** The keys that all agreed on elsewhere. */
  readonly psks: readonly PreSharedKey[] = [{ id: externalPskId(utf8("agreed")), secret: utf8("elsewhere") }];

  /** `hub` may propose from outside. */
  constructor(hub: HistoryClient) {
    this.#hub = hub;
  }

  /** The proposal messages of the epoch. */
  get pending(): readonly Uint8Array[] {
    return [...this.#pending.values()];
  }

  /** The epoch is over, and they with it. */
  clear(): void {
    this.#pending.clear();
  }

  at(id: number): Uint8Array {
    const message = this.#pending.get(id);
    assert.ok(message, `no proposal ${id}`);
    return message;
  }

  /** A proposal of a member, as a message; an Update gives it another state. */
  async byMember(id: number, wish: Wish, { client, group }: HistorySeat): Promise<Group> {
    if (wish.kind === "update") {
      const { message, next } = await proposeUpdate(client.crypto, group);
      this.#pending.set(id, message);
      return next;
    }
    this.#pending.set(id, await propose(client.crypto, group, await this.proposal(wish, group.context)));
    return group;
  }

  /** A proposal of the hub, or of the newcomer whom it would add. */
  async fromOutside(id: number, wish: Wish, context: GroupContext, by: "hub" | "newcomer"): Promise<void> {
    const proposal = await this.proposal(wish, context);
    if (by === "newcomer") {
      assert.ok(wish.kind === "add" && proposal.kind === "add");
      const { client } = await this.newcomer(wish.name);
      this.#pending.set(id, await proposeJoining(client.crypto, context, proposal));
    } else {
      const { crypto, leaf } = this.#hub;
      this.#pending.set(id, await proposeExternally(crypto, context, 0, leaf.signatureKey, proposal));
    }
  }

  async proposal(wish: Wish, { groupId }: GroupContext): Promise<Proposal> {
    switch (wish.kind) {
      case "add": {
        const { keyPackage } = await this.newcomer(wish.name);
        return { kind: "add", keyPackage: parseKeyPackage(keyPackage.message) };
      }
      case "remove":
        return { kind: "remove", removed: wish.leaf };
      case "selfRemove":
        return { kind: "selfRemove" };
      case "mark":
        return {
          kind: "groupContextExtensions",
          extensions: contextExtensions(wish.value, this.#hub.leaf.signatureKey),
        };
      case "psk": {
        const { of: epoch } = wish;
        const fresh =
          epoch === "elsewhere" ? externalPskId(utf8("agreed")) : resumptionPskId("application", { groupId, epoch });
        return { kind: "psk", psk: fresh };
      }
      case "update":
        throw new Error("an Update is a message of its own");
    }
  }

  /** Who can be added under that name; always the same, until it came in. */
  async newcomer(name: string): Promise<HistoryNewcomer> {
    const known = this.#newcomers.get(name);
    if (known) return known;
    const made = await makeNewcomer(await makeHistoryClient(name));
    this.#newcomers.set(name, made);
    return made;
  }
}
