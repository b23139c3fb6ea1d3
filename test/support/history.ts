import assert from "node:assert/strict";
import { toHex, utf8 } from "../../src/codec/bytes.js";
import { encode } from "../../src/codec/tls.js";
import { makeExternalCommit } from "../../src/mls/external-commit.js";
import { epochAuthenticator, foundGroup, type Group } from "../../src/mls/group.js";
import { type GroupInfoBundle, makeGroupInfo } from "../../src/mls/group-info.js";
import { makeCommit, type OwnCommit } from "../../src/mls/make-commit.js";
import { processMessage } from "../../src/mls/process-message.js";
import { encodeGroup } from "../../src/mls/stored-group.js";
import { leafAt, leaves, toWire } from "../../src/mls/tree/nodes.js";
import { readTree } from "../../src/mls/tree/validate-tree.js";
import { joinByWelcome } from "../../src/mls/welcome.js";
import type { LeafNode } from "../../src/mls/wire/leaf-node.js";
import type { Proposal } from "../../src/mls/wire/proposal.js";
import { ratchetTree } from "../../src/mls/wire/ratchet-tree.js";
import { findsEpoch, seeCommit } from "./history-attack.js";
import {
  contextExtensions,
  type HistoryClient,
  type HistorySeat,
  makeHistoryClient,
  seatOf,
  shuffled,
} from "./history-client.js";
import type { Wish } from "./history-model.js";
import { HistoryProposals } from "./history-proposals.js";
import { HistoryTalk } from "./history-talk.js";
import { HistoryWitness } from "./history-witness.js";

/** How a commit goes to the others. */
export interface Delivery {
  /** From 0 to 1: the order of the pending proposals, who lacks one at first, who hears what twice. */
  readonly chance: () => number;
}

/** The real clients of a history, and the network between them: every operation asserts what must hold after it. */
export class History {
  readonly seats = new Map<number, HistorySeat>();
  readonly outside: HistorySeat[] = [];
  readonly witness = new HistoryWitness();
  readonly talk = new HistoryTalk();
  readonly #proposals: HistoryProposals;
  readonly #hubKey: Uint8Array;

  private constructor(hub: HistoryClient) {
    this.#proposals = new HistoryProposals(hub);
    this.#hubKey = hub.leaf.signatureKey;
  }

  /** A group of those: the first makes it and adds the others by one commit. */
  static async begin(names: readonly string[]): Promise<History> {
    const [founder, ...others] = names;
    assert.ok(founder !== undefined && others.length > 0);
    const hub = await makeHistoryClient("hub");
    const history = new History(hub);
    const client = await makeHistoryClient(founder);
    const extensions = contextExtensions(0, hub.leaf.signatureKey);
    const group = await foundGroup(client.crypto, { groupId: utf8("history"), leaf: client.leaf, extensions });
    const seat = seatOf(client, group);
    history.seats.set(0, seat);
    await history.witness.note(seat, seat.group);
    const wishes = others.map((name) => ({ kind: "add", name }) as const);
    await history.commit(0, [], wishes, { chance: () => 0 });
    return history;
  }

  seat(leaf: number): HistorySeat {
    const seat = this.seats.get(leaf);
    assert.ok(seat, `nobody at leaf ${leaf}`);
    return seat;
  }

  /** Sends a proposal of the member at `leaf`, of the hub, or of the newcomer whom it would add; everybody looks at it. */
  async propose(id: number, wish: Wish, by: number | "hub" | "newcomer"): Promise<void> {
    if (typeof by === "number") {
      const seat = this.seat(by);
      seat.group = await this.#proposals.byMember(id, wish, seat);
      await this.witness.note(seat, seat.group);
    } else await this.#proposals.fromOutside(id, wish, this.#anybody().group.context, by);
    for (const [leaf, { client, group }] of this.seats) {
      if (leaf === by) continue;
      const processed = await processMessage(client.crypto, group, this.#proposals.at(id), { pending: [] });
      assert.equal(processed.kind, "proposal");
    }
  }

  /** A commit of the member at `leaf`: the proposals with those IDs by reference, and those wishes by value. */
  async commit(
    leaf: number,
    references: readonly number[],
    wishes: readonly Wish[],
    delivery: Delivery,
  ): Promise<void> {
    const seat = this.seat(leaf);
    const made = await this.#make(seat, references, wishes, delivery.chance() < 0.3);
    await this.#settle(seat, made, delivery);
    for (const { leafIndex, keyPackage } of made.checked.list.flatMap(added(made))) {
      const newcomer = await this.#proposals.newcomer(nameOf(keyPackage.leafNode) ?? "");
      assert.ok(made.welcome);
      const { message, privateParts } = newcomer.keyPackage;
      const group = await joinByWelcome(newcomer.client.crypto, {
        welcome: made.welcome,
        ratchetTree: made.ratchetTree,
        keyPackage: { message, privateParts },
        psks: this.#proposals.psks,
      });
      assert.equal(group.ownLeafIndex, leafIndex);
      await this.#enter(seatOf(newcomer.client, group));
    }
  }

  /** A commit that another one overtakes: everybody has looked at it, and nobody keeps it. */
  async overtaken(leaf: number, references: readonly number[], wishes: readonly Wish[]): Promise<void> {
    const seat = this.seat(leaf);
    const made = await this.#make(seat, references, wishes, false);
    await this.witness.note(seat, made.next);
    for (const other of this.seats.values()) {
      if (other === seat) continue;
      const before = toHex(encodeGroup(other.group));
      const processed = await processMessage(other.client.crypto, other.group, made.commit, {
        pending: this.#proposals.pending,
        psks: this.#proposals.psks,
      });
      assert.ok(processed.kind === "commit");
      if (processed.next) await this.witness.note(other, processed.next);
      assert.equal(toHex(encodeGroup(other.group)), before, "a commit that was dropped left a trace");
    }
  }

  /** A newcomer's external commit, or that of a member who takes its own leaf anew; pending SelfRemoves go along. */
  async joinFromOutside(name: string, over: number | undefined, withPsk: boolean, delivery: Delivery): Promise<void> {
    const client = over === undefined ? await makeHistoryClient(name) : this.seat(over).client;
    const made = await makeExternalCommit(client.crypto, {
      ...(await this.#groupInfo()),
      pendingProposals: this.#proposals.pending,
      leaf: client.leaf,
      removes: over === undefined ? [] : [over],
      psks: withPsk ? this.#proposals.psks : [],
    });
    await this.#settle(undefined, made, delivery);
    await this.#enter(seatOf(client, made.next));
  }

  /** Asserts that all members are in one state, the very one that is expected. */
  async assertAgreed(slots: readonly (string | undefined)[], epoch: bigint, mark: number): Promise<void> {
    const states = [...this.seats.values()].map(({ group }) => group);
    assert.equal(new Set(states.map((group) => toHex(epochAuthenticator(group)))).size, 1);
    const { client, group } = this.#anybody();
    assert.equal(group.epoch, epoch);
    for (const { context } of states) assert.deepEqual(context, group.context);
    // the tree is one that a newcomer takes, hash, signatures, parent hashes and all
    await readTree(client.crypto, encode(ratchetTree, toWire(group.nodes)), group.context);
    const places = Array.from(slots, (_, leaf) => leaf);
    assert.deepEqual(
      places.map((leaf) => nameOf(leafAt(group.nodes, leaf))),
      slots,
    );
    assert.deepEqual(
      places.map((leaf) => this.seats.get(leaf)?.client.name),
      slots,
    );
    assert.equal(leaves(group.nodes).length, this.seats.size);
    assert.deepEqual(group.context.extensions, contextExtensions(mark, this.#hubKey));
    this.witness.assertKept(this.seats);
    await this.talk.assertSilent(this.outside);
  }

  async #make(seat: HistorySeat, references: readonly number[], wishes: readonly Wish[], treeInWelcome: boolean) {
    return makeCommit(seat.client.crypto, seat.group, {
      references: references.map((id) => this.#proposals.at(id)),
      proposals: await Promise.all(wishes.map((wish) => this.#proposals.proposal(wish, seat.group.context))),
      psks: this.#proposals.psks,
      treeInWelcome,
    });
  }

  /** Everybody processes the commit, and those who are left out go outside and try to follow. */
  async #settle(committer: HistorySeat | undefined, made: OwnCommit, { chance }: Delivery): Promise<void> {
    const { commit } = made;
    const leaving: HistorySeat[] = [];
    const witness = [...this.seats.values()].find((seat) => seat !== committer) ?? this.#anybody();
    const seen = await seeCommit(
      witness.client.crypto,
      witness.group,
      commit,
      this.#proposals.pending,
      this.#proposals.psks,
    );
    const former = witness.group;
    for (const [leaf, seat] of [...this.seats]) {
      if (seat === committer) continue;
      const next = await this.#receive(seat, made, chance);
      if (next === undefined) {
        leaving.push(seat);
        this.seats.delete(leaf);
      } else {
        await this.witness.note(seat, next);
        seat.group = next;
        await assert.rejects(processMessage(seat.client.crypto, next, commit, { pending: [] }), { code: "wrongEpoch" });
      }
    }
    if (committer) {
      await this.witness.note(committer, made.next);
      committer.group = made.next;
    }
    this.#proposals.clear();
    for (const seat of leaving) {
      this.outside.push(seat);
      this.witness.noteOutside(seat);
    }
    for (const seat of this.outside) {
      // by induction: who could not follow from its last epoch has two old states left to try
      const states = leaving.includes(seat) ? seat.held : seat.held.slice(-2);
      assert.ok(!(await findsEpoch(this.witness, seat, states, seen)), `${seat.client.name} follows from outside`);
    }
    // the attack itself is a good one: who is inside follows by it
    if (this.seats.has(witness.group.ownLeafIndex) && witness !== committer && !leaving.includes(witness)) {
      assert.ok(await findsEpoch(this.witness, witness, [former], seen), "the attack finds nothing where it should");
    }
  }

  async #receive(seat: HistorySeat, { commit, checked }: OwnCommit, chance: () => number): Promise<Group | undefined> {
    const { crypto } = seat.client;
    const pending = shuffled(this.#proposals.pending, chance);
    if (chance() < 0.2 && checked.list.some((sent) => "reference" in sent)) {
      const before = toHex(encodeGroup(seat.group));
      await assert.rejects(processMessage(crypto, seat.group, commit, { pending: [], psks: this.#proposals.psks }), {
        code: "unknownProposal",
      });
      assert.equal(toHex(encodeGroup(seat.group)), before);
    }
    const twice = chance() < 0.2 ? [...pending, ...pending] : pending;
    const processed = await processMessage(crypto, seat.group, commit, { pending: twice, psks: this.#proposals.psks });
    assert.ok(processed.kind === "commit");
    return processed.next;
  }

  async #enter(seat: HistorySeat): Promise<void> {
    assert.ok(!this.seats.has(seat.group.ownLeafIndex));
    await this.witness.note(seat, seat.group);
    this.witness.assertFresh(seat);
    this.seats.set(seat.group.ownLeafIndex, seat);
    await this.talk.assertUnheard(seat);
  }

  #groupInfo(): Promise<GroupInfoBundle> {
    const { client, group } = this.#anybody();
    return makeGroupInfo(client.crypto, group);
  }

  #anybody(): HistorySeat {
    const [seat] = this.seats.values();
    assert.ok(seat);
    return seat;
  }
}

function added({ next }: OwnCommit) {
  return ({ proposal }: { readonly proposal: Proposal }) => {
    if (proposal.kind !== "add") return [];
    const { keyPackage } = proposal;
    const found = leaves(next.nodes).find(
      ({ leaf }) => toHex(leaf.encryptionKey) === toHex(keyPackage.leafNode.encryptionKey),
    );
    assert.ok(found && leafAt(next.nodes, found.leafIndex));
    return [{ leafIndex: found.leafIndex, keyPackage }];
  };
}

function nameOf(leaf: LeafNode | undefined): string | undefined {
  return leaf && new TextDecoder().decode(leaf.credential.identity);
}
