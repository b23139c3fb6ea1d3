import { toHex } from "../codec/bytes.js";
import type { ProposalView } from "../codec/group-view.js";
import { allInOrder } from "./all-in-order.js";
import type { Crypto } from "./crypto.js";
import { openPublicMessage, proposalReference, readPublicMessage } from "./framing.js";
import { readMember } from "./leaf-identity.js";
import { ensure, MlsError } from "./mls-error.js";
import { memberAt, type PublicState, viewExtensions, viewProposer } from "./public-state.js";
import { ensureCapable, isRoomContext, validateLeaf } from "./tree/leaf.js";
import { leafAt, leaves, type Nodes } from "./tree/nodes.js";
import type { ProposalOrRef } from "./wire/commit.js";
import type { ContentSender } from "./wire/framed-content.js";
import type { PublicMessage } from "./wire/message.js";
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

/** Checks a proposal message and the proposal in it (RFC 9420, 12.1). Throws MlsError. */
export async function openProposal(
  crypto: Crypto,
  state: PublicState,
  message: PublicMessage,
  membershipKey: Uint8Array | undefined,
): Promise<ReceivedProposal> {
  const authenticated = await openPublicMessage(crypto, state, message, membershipKey);
  const { content, sender } = authenticated.content;
  ensure(content.kind === "proposal", "invalidProposal", `a ${content.kind} where a proposal is expected`);
  const sent = { proposal: content.proposal, sender, inline: false };
  await validateProposal(crypto, state, sent);
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
  // before any of them is looked at: checking thousands of policies against thousands of leaves would stop everybody
  ensure(new Set(list.map(subjectOf)).size === list.length, "invalidCommit", "a commit with one proposal twice");
  const messages = list.some(({ kind }) => kind === "reference") ? pending.map(readPublicMessage) : [];
  const known = new Map<string, PublicMessage>();
  for (const message of messages) {
    known.set(toHex(await proposalReference(crypto, { wireFormat: "publicMessage", ...message })), message);
  }
  return allInOrder(
    list.map(async (item) => {
      if (item.kind === "proposal") {
        const sent = { proposal: item.proposal, sender: committer, inline: true };
        await validateProposal(crypto, state, sent);
        return sent;
      }
      const referred = known.get(toHex(item.reference));
      if (referred === undefined) throw new MlsError("invalidCommit", "a reference to a proposal that is not known");
      return openProposal(crypto, state, referred, membershipKey);
    }),
  );
}

/** What no commit has two proposals for: a reference, a leaf to remove, or the kind of what there is one of. */
function subjectOf(item: ProposalOrRef): string {
  if (item.kind === "reference") return toHex(item.reference);
  const { proposal } = item;
  return proposal.kind === "remove" ? `remove ${proposal.removed}` : proposal.kind;
}

/** Checks one proposal by itself against the state that it was made in. Throws MlsError. */
async function validateProposal(
  crypto: Crypto,
  state: PublicState,
  { proposal, sender, inline }: SentProposal,
): Promise<void> {
  const { context, nodes } = state;
  switch (proposal.kind) {
    case "remove":
      memberAt(nodes, proposal.removed);
      return;
    case "selfRemove":
      ensure(sender.kind === "member" && !inline, "invalidProposal", "a SelfRemove is a member's own message");
      return;
    case "groupContextExtensions":
      ensure(isRoomContext(proposal.extensions), "invalidProposal", "extensions that are not a room's");
      // "the extension types … supported by all members" (RFC 9420, 12.1.7)
      for (const { leaf } of leaves(nodes)) ensureCapable(leaf, proposal.extensions);
      return;
    case "externalInit":
      ensure(
        sender.kind === "newMemberCommit" && inline,
        "invalidProposal",
        "an ExternalInit outside of an external commit",
      );
      return;
    case "update": {
      ensure(sender.kind === "member" && !inline, "invalidProposal", "an Update is a member's own message");
      const { leafNode } = proposal;
      const { groupId, extensions } = context;
      const { leafIndex } = sender;
      // "verify that leaf_node_source is set to update"; "encryption_key … different from" the current one (12.1.2, 7.3)
      ensure(leafNode.source.kind === "update", "badLeaf", "an Update with a leaf of another source");
      await validateLeaf(crypto, leafNode, { groupId, leafIndex }, extensions);
      ensureSameClient(nodes, leafIndex, leafNode);
    }
  }
}

/** Checks that a new leaf is of the client and user key that stood there before. Throws MlsError "badLeaf". */
export function ensureSameClient(nodes: Nodes, leafIndex: number, leaf: Parameters<typeof readMember>[0]): void {
  const [was, is] = [memberAt(nodes, leafIndex), readMember(leaf, leafIndex)];
  const same = was.clientUri === is.clientUri && toHex(was.userKey) === toHex(is.userKey);
  ensure(same, "badLeaf", "a leaf of another client in a member's place");
  const fresh = toHex(leafAt(nodes, leafIndex)?.encryptionKey ?? new Uint8Array(0)) !== toHex(leaf.encryptionKey);
  ensure(fresh, "badLeaf", "a new leaf with the old encryption key");
}

/** A proposal as policy sees it; an ExternalInit's sender is who joins by it. */
export function viewProposal(
  nodes: Nodes,
  { proposal, sender }: SentProposal,
  joiner?: ProposalView["sender"],
): ProposalView {
  const by = sender.kind === "newMemberCommit" && joiner !== undefined ? joiner : viewProposer(nodes, sender);
  switch (proposal.kind) {
    case "remove":
      return { kind: "remove", sender: by, removed: memberAt(nodes, proposal.removed) };
    case "selfRemove":
      return { kind: "selfRemove", sender: by, removed: memberAt(nodes, memberIndex(sender)) };
    case "groupContextExtensions":
      return { kind: "groupContextExtensions", sender: by, extensions: viewExtensions(proposal.extensions) };
    case "update":
      return { kind: "update", sender: by, updated: readMember(proposal.leafNode, memberIndex(sender)) };
    case "externalInit":
      return { kind: "externalInit", sender: by };
  }
}

/** The leaf index of a member sender. Throws MlsError "invalidProposal" for another sender. */
export function memberIndex(sender: ContentSender): number {
  if (sender.kind !== "member") throw new MlsError("invalidProposal", "a proposal that only a member can make");
  return sender.leafIndex;
}
