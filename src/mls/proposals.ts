import { equalBytes, toHex } from "../codec/bytes.js";
import { encode } from "../codec/tls.js";
import { allInOrder } from "./all-in-order.js";
import { ensureBounded, ensureWithin } from "./bounds.js";
import type { Crypto } from "./crypto.js";
import { isX25519Key } from "./curve25519.js";
import { openPublicMessage, proposalReference, readPublicMessage } from "./framing.js";
import { checkKeyPackage } from "./key-package.js";
import { ensure, MlsError } from "./mls-error.js";
import type { PublicState } from "./public-state.js";
import { validateLeaf } from "./tree/leaf.js";
import { leafAt, type Nodes } from "./tree/nodes.js";
import type { ProposalOrRef } from "./wire/commit.js";
import { type Extension, hasNoDuplicates } from "./wire/extension.js";
import type { ContentSender } from "./wire/framed-content.js";
import { MLS10 } from "./wire/group-context.js";
import type { LeafNode } from "./wire/leaf-node.js";
import type { PublicMessage } from "./wire/message.js";
import { preSharedKeyId } from "./wire/pre-shared-key.js";
import type { Proposal } from "./wire/proposal.js";

/** A proposal with its own sender, as it stands in a commit. */
export interface SentProposal {
  readonly proposal: Proposal;
  readonly sender: ContentSender;
  /** Whether the commit carries it, instead of referring to a message. */
  readonly inline: boolean;
}

/** A proposal that was sent as a message of this epoch. */
export interface ReceivedProposal extends SentProposal {
  readonly reference: Uint8Array;
}

/**
 * Checks a proposal message and the proposal in it (RFC 9420, 12.1). `extensions`: of the context that it is to be applied in. Throws
 * MlsError.
 */
export async function openProposal(
  crypto: Crypto,
  state: PublicState,
  message: PublicMessage,
  membershipKey: Uint8Array | undefined,
  extensions: readonly Extension[] = state.context.extensions,
): Promise<ReceivedProposal> {
  const authenticated = await openPublicMessage(crypto, state, message, membershipKey);
  const { content, sender } = authenticated.content;
  ensure(content.kind === "proposal", "invalidProposal", `a ${content.kind} where a proposal is expected`);
  const sent = { proposal: content.proposal, sender, inline: false };
  await validateProposal(crypto, state, sent, extensions);
  return { ...sent, reference: await proposalReference(crypto, authenticated) };
}

/**
 * The proposals of a commit, in its order; references are looked up among the pending proposal messages, which are
 * checked again only when they are referred to. Throws MlsError "invalidCommit" for a reference that nobody knows.
 */
export async function resolveProposals(
  crypto: Crypto,
  state: PublicState,
  committer: ContentSender,
  list: readonly ProposalOrRef[],
  pending: readonly Uint8Array[],
  membershipKey: Uint8Array | undefined,
): Promise<readonly SentProposal[]> {
  ensureWithin("proposals", list.length);
  // before any of them is looked at: checking thousands of policies against thousands of leaves would stop everybody
  ensure(new Set(list.map(subjectOf)).size === list.length, "invalidCommit", "a commit with one proposal twice");
  const messages = list.some(({ kind }) => kind === "reference") ? pending.map(readPublicMessage) : [];
  const known = new Map<string, PublicMessage>();
  for (const message of messages) {
    known.set(toHex(await proposalReference(crypto, { wireFormat: "publicMessage", ...message })), message);
  }
  const extensions = extensionsAfter(state, list, known);
  return allInOrder(
    list.map(async (item) => {
      if (item.kind === "proposal") {
        const sent = { proposal: item.proposal, sender: committer, inline: true };
        await validateProposal(crypto, state, sent, extensions);
        return sent;
      }
      const referred = known.get(toHex(item.reference));
      if (referred === undefined) throw new MlsError("unknownProposal", "a reference to a proposal that is not known");
      return openProposal(crypto, state, referred, membershipKey, extensions);
    }),
  );
}

/** "The new extensions MUST be used when evaluating other proposals in this list" (RFC 9420, 12.3). */
function extensionsAfter(
  { context }: PublicState,
  list: readonly ProposalOrRef[],
  known: ReadonlyMap<string, PublicMessage>,
): readonly Extension[] {
  for (const item of list) {
    const content = item.kind === "proposal" ? undefined : known.get(toHex(item.reference))?.content.content;
    const referred = content?.kind === "proposal" ? content.proposal : undefined;
    const proposal = item.kind === "proposal" ? item.proposal : referred;
    if (proposal?.kind === "groupContextExtensions") return proposal.extensions;
  }
  return context.extensions;
}

/** What no commit has two proposals for: a reference, a leaf to remove, a client to add, a key, or the kind of what there is one of. */
function subjectOf(item: ProposalOrRef): string {
  if (item.kind === "reference") return toHex(item.reference);
  const { proposal } = item;
  switch (proposal.kind) {
    case "remove":
      return `remove ${proposal.removed}`;
    case "add":
      return `add ${toHex(proposal.keyPackage.initKey)}`;
    case "psk":
      return `psk ${toHex(encode(preSharedKeyId, proposal.psk))}`;
    default:
      return proposal.kind;
  }
}

/** Who may make a proposal of each kind as a message of its own (RFC 9420, 12.1.8); within its commit a member or joiner does. */
const PROPOSERS: Readonly<Record<Proposal["kind"], ReadonlySet<ContentSender["kind"]>>> = {
  add: new Set(["member", "external", "newMemberProposal"]),
  update: new Set(["member"]),
  remove: new Set(["member", "external"]),
  psk: new Set(["member", "external"]),
  reInit: new Set(["member", "external"]),
  externalInit: new Set(),
  groupContextExtensions: new Set(["member", "external"]),
  selfRemove: new Set(["member"]),
};
/** "an Update is invalid in a commit by value"; a SelfRemove too: it is a leaver's own message. */
const NEVER_INLINE: ReadonlySet<Proposal["kind"]> = new Set(["update", "selfRemove"]);
/** What a joiner's commit may carry (RFC 9420, 12.4.3.2). */
const JOINERS: ReadonlySet<Proposal["kind"]> = new Set(["externalInit", "remove", "psk"]);

/** Checks one proposal by itself against the state that it was made in. Throws MlsError. */
async function validateProposal(
  crypto: Crypto,
  state: PublicState,
  { proposal, sender, inline }: SentProposal,
  extensions: readonly Extension[],
): Promise<void> {
  const { context, nodes } = state;
  const allowed = inline ? mayCarry(sender, proposal) : PROPOSERS[proposal.kind].has(sender.kind);
  ensure(allowed, "invalidProposal", `a ${proposal.kind} of a ${sender.kind}${inline ? ", in a commit" : ""}`);
  switch (proposal.kind) {
    case "add":
      await checkKeyPackage(crypto, proposal.keyPackage, extensions);
      return;
    case "remove":
      ensure(leafAt(nodes, proposal.removed) !== undefined, "badLeaf", `leaf ${proposal.removed} is not there`);
      return;
    case "psk":
      // "the nonce … of length KDF.Nh"; usage reinit and branch only where a group begins (12.1.4 and 11.2, 11.3)
      ensure(proposal.psk.pskNonce.length === crypto.kdf.size, "invalidProposal", "a PSK nonce of a wrong length");
      ensure(
        proposal.psk.kind === "external" || proposal.psk.usage === "application" || context.epoch === 0n,
        "invalidProposal",
        "a PSK that only begins groups",
      );
      return;
    case "reInit":
      // "the version … is less than the version for the current group" is invalid (12.1.5)
      ensure(proposal.version >= MLS10, "invalidProposal", "a ReInit to an older version");
      // nobody could be in the group that it begins, and nothing more is said in this one
      ensureContext(crypto, proposal.extensions);
      return;
    case "externalInit":
      // engines differ about other octets, and everybody must find the same init secret
      ensure(isX25519Key(proposal.kemOutput), "invalidProposal", "a KEM output that is no X25519 key");
      return;
    case "groupContextExtensions":
      ensureContext(crypto, proposal.extensions);
      // who does not support them may be removed by the same commit (12.1.7): looked at when it is applied
      return;
    case "update": {
      const { leafNode } = proposal;
      const leafIndex = memberIndex(sender);
      // "verify that leaf_node_source is set to update"; "encryption_key … different from" the current one (12.1.2, 7.3)
      ensure(leafNode.source.kind === "update", "badLeaf", "an Update with a leaf of another source");
      await validateLeaf(crypto, leafNode, { groupId: context.groupId, leafIndex }, extensions);
      ensureSuccessor(crypto, nodes, leafIndex, leafNode);
    }
  }
}

/** Checks GroupContext extensions that are to be a group's. Throws MlsError "tooLarge", "invalidProposal". */
function ensureContext({ authentication }: Crypto, extensions: readonly Extension[]): void {
  ensureBounded(extensions);
  // "MUST NOT have more than one extension of any given type" (13.4)
  ensure(hasNoDuplicates(extensions), "invalidProposal", "a context with two extensions of one type");
  ensure(authentication.acceptsContext(extensions), "invalidProposal", "another kind of group");
}

function mayCarry(sender: ContentSender, proposal: Proposal): boolean {
  if (sender.kind === "newMemberCommit") return JOINERS.has(proposal.kind);
  return sender.kind === "member" && proposal.kind !== "externalInit" && !NEVER_INLINE.has(proposal.kind);
}

/** Checks that a new leaf is of the client that stood there before, under a fresh encryption key. Throws MlsError "badLeaf". */
export function ensureSuccessor(crypto: Crypto, nodes: Nodes, leafIndex: number, leaf: LeafNode): void {
  const before = leafAt(nodes, leafIndex);
  if (before === undefined) throw new MlsError("badLeaf", `leaf ${leafIndex} is not there`);
  ensure(crypto.authentication.isSuccessor(before, leaf), "badLeaf", "a leaf of another client in a member's place");
  const fresh = !equalBytes(before.encryptionKey, leaf.encryptionKey);
  ensure(fresh, "badLeaf", "a new leaf with the old encryption key");
}

/** The leaf index of a member sender. Throws MlsError "invalidProposal" for another sender. */
export function memberIndex(sender: ContentSender): number {
  if (sender.kind !== "member") throw new MlsError("invalidProposal", "a proposal that only a member can make");
  return sender.leafIndex;
}
