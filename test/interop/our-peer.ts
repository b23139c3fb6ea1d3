import { fromUtf8, toHex, utf8 } from "../../src/codec/bytes.js";
import { encode } from "../../src/codec/tls.js";
import { createCrypto } from "../../src/mls/crypto.js";
import { makeExternalCommit } from "../../src/mls/external-commit.js";
import { foundGroup, type Group } from "../../src/mls/group.js";
import { readGroupInfo, signGroupInfo } from "../../src/mls/group-info.js";
import { lifetimeAt, type OwnKeyPackage, parseKeyPackage, signKeyPackage } from "../../src/mls/key-package.js";
import { exportEpochSecret } from "../../src/mls/key-schedule.js";
import { type CommitWish, makeCommit, type OwnCommit } from "../../src/mls/make-commit.js";
import { processMessage } from "../../src/mls/process-message.js";
import { propose, proposeUpdate } from "../../src/mls/propose.js";
import { protectMessage } from "../../src/mls/protect.js";
import { generateSignatureKey } from "../../src/mls/signing.js";
import type { LeafContent } from "../../src/mls/tree/leaf.js";
import { leafAt, leaves } from "../../src/mls/tree/nodes.js";
import { joinByWelcome } from "../../src/mls/welcome.js";
import {
  DEFAULT_EXTENSION,
  type Extension,
  extensionData,
  externalSenderList,
  requiredCapabilities,
} from "../../src/mls/wire/extension.js";
import { keyPackage } from "../../src/mls/wire/key-package.js";
import { mlsMessage } from "../../src/mls/wire/message.js";
import type { Proposal } from "../../src/mls/wire/proposal.js";
import { HISTORY_CLIENT, interopAuthentication } from "./interop-authentication.js";
import type { Heard, Peer, Sent, Wish } from "./peer.js";

/** What core-crypto writes into its leaves and requires of ours: credentials basic and x509. */
const CREDENTIALS = [1, 2];
const NOTHING = new Uint8Array(0);
/** What both implementations export. */
const EXPORTED = { label: "exporter", context: NOTHING, length: 32 };

/** A client of src/mls. */
export class OurPeer implements Peer {
  readonly implementation = "src/mls";
  #group: Group | undefined;
  #pending: Uint8Array[] = [];
  #offered: OwnKeyPackage[] = [];

  private constructor(
    readonly id: string,
    readonly crypto: ReturnType<typeof createCrypto>,
    readonly leaf: LeafContent,
  ) {}

  static async make(): Promise<OurPeer> {
    const id = `${crypto.randomUUID()}:1@example.com`;
    const own = createCrypto(interopAuthentication);
    const leaf = {
      signatureKey: await own.addSignatureKey(await generateSignatureKey()),
      credential: { identity: utf8(id) },
      capabilities: { versions: [1], cipherSuites: [1], extensions: [], proposals: [], credentials: CREDENTIALS },
      extensions: [],
    };
    return new OurPeer(id, own, leaf);
  }

  get group(): Group {
    if (this.#group === undefined) throw new Error(`${this.id} is in no group`);
    return this.#group;
  }

  async offer(): Promise<Uint8Array> {
    const lifetime = lifetimeAt(Date.now());
    const made = await signKeyPackage(this.crypto, { leaf: this.leaf, lifetime, lastResort: false });
    this.#offered.push(made);
    return encode(keyPackage, parseKeyPackage(made.message));
  }

  async found(groupId: Uint8Array, externalSender?: Uint8Array): Promise<void> {
    const required = { extensionTypes: [], proposalTypes: [], credentialTypes: CREDENTIALS };
    const extensions: Extension[] = [
      {
        extensionType: DEFAULT_EXTENSION.requiredCapabilities,
        extensionData: encode(requiredCapabilities, required),
      },
    ];
    if (externalSender !== undefined) {
      const sender = { signatureKey: externalSender, credential: { identity: utf8("hub") } };
      const extensionData = encode(externalSenderList, [sender]);
      extensions.push({ extensionType: DEFAULT_EXTENSION.externalSenders, extensionData });
    }
    this.keep(await foundGroup(this.crypto, { groupId, leaf: this.leaf, extensions }));
  }

  commit({ add = [], remove = [] }: Wish = {}): Promise<Sent> {
    return this.commitProposals([
      ...remove.map((id) => ({ kind: "remove", removed: this.#leafOf(id) }) as const),
      ...add.map((octets) => ({ kind: "add", keyPackage: keyPackageIn(octets) }) as const),
    ]);
  }

  /** A commit of any proposals, and of what is pending. */
  commitProposals(proposals: readonly Proposal[], more: Partial<CommitWish> = {}): Promise<Sent> {
    const references = this.#pending;
    return this.#send(makeCommit(this.crypto, this.group, { references, proposals, treeInWelcome: true, ...more }));
  }

  async process(message: Uint8Array): Promise<void> {
    const processed = await processMessage(this.crypto, this.group, message, { pending: this.#pending });
    if (processed.kind === "proposal") this.#pending.push(message);
    else this.keep(processed.next);
  }

  async join(welcome: Uint8Array): Promise<void> {
    const faults: unknown[] = [];
    for (const own of this.#offered) {
      const joined = await joinByWelcome(this.crypto, { welcome, keyPackage: own }).catch((fault) => {
        faults.push(fault);
        return undefined;
      });
      if (joined !== undefined) return this.keep(joined);
    }
    throw new AggregateError(faults, `no KeyPackage of ours opens that Welcome: ${faults.map(String)}`);
  }

  joinExternally(groupInfo: Uint8Array): Promise<Sent> {
    const tree = extensionData(readGroupInfo(groupInfo).extensions, DEFAULT_EXTENSION.ratchetTree) ?? NOTHING;
    const own = this.#group === undefined ? [] : [this.#group.ownLeafIndex];
    const bundle = { groupInfo, ratchetTree: tree, pendingProposals: [] };
    return this.#send(makeExternalCommit(this.crypto, { ...bundle, leaf: this.leaf, removes: own }));
  }

  /** A proposal of this member as a message of its own, which it keeps as pending. */
  async propose(proposal: Proposal): Promise<Uint8Array> {
    return this.#remember(await propose(this.crypto, this.group, proposal));
  }

  proposeToRemove(id: string): Promise<Uint8Array> {
    return this.propose({ kind: "remove", removed: this.#leafOf(id) });
  }

  async proposeUpdate(): Promise<Uint8Array> {
    const { message, next } = await proposeUpdate(this.crypto, this.group);
    this.#group = next;
    return this.#remember(message);
  }

  async say(text: string): Promise<Uint8Array> {
    const { message, next } = await protectMessage(this.crypto, this.group, utf8(text));
    this.#group = next;
    return message;
  }

  async hear(message: Uint8Array): Promise<Heard> {
    const processed = await processMessage(this.crypto, this.group, message, { pending: [] });
    if (processed.kind !== "application") throw new Error(`a ${processed.kind} where words are expected`);
    const from = leafAt(this.group.nodes, processed.leafIndex);
    this.#group = processed.next;
    return { from: fromUtf8(from?.credential.identity ?? NOTHING), text: fromUtf8(processed.content) };
  }

  async exported(): Promise<string> {
    return toHex(await exportEpochSecret(this.crypto, this.group.keys, EXPORTED));
  }

  /** The GroupInfo of its epoch, the tree inside. */
  async groupInfo(): Promise<Uint8Array> {
    const groupInfo = await signGroupInfo(this.crypto, this.group, true);
    return encode(mlsMessage, { kind: "groupInfo", groupInfo });
  }

  /** Goes on with that group; undefined when it is in none any more. */
  keep(next: Group | undefined): void {
    this.#group = next;
    this.#pending = [];
  }

  async epoch(): Promise<bigint> {
    return this.group.epoch;
  }

  isIn(): boolean {
    return this.#group !== undefined;
  }

  async members(): Promise<readonly string[]> {
    const ids = leaves(this.group.nodes).map(({ leaf }) => fromUtf8(leaf.credential.identity));
    return ids.filter((id) => !id.startsWith(HISTORY_CLIENT));
  }

  #leafOf(id: string): number {
    const found = leaves(this.group.nodes).find(({ leaf }) => fromUtf8(leaf.credential.identity) === id);
    if (found === undefined) throw new Error(`${id} is not in the group`);
    return found.leafIndex;
  }

  async #send(made: Promise<OwnCommit>): Promise<Sent> {
    const { commit, welcome, next } = await made;
    this.keep(next);
    return { commit, welcome, groupInfo: await this.groupInfo() };
  }

  #remember(message: Uint8Array): Uint8Array {
    this.#pending.push(message);
    return message;
  }
}

/** The KeyPackage that {@link Peer.offer} gave. */
export function keyPackageIn(octets: Uint8Array) {
  // version mls10, wire format mls_key_package
  return parseKeyPackage(Uint8Array.of(0, 1, 0, 5, ...octets));
}
