import { equalBytes } from "../codec/bytes.js";
import { type Applied, applyProposals, needsPath } from "./apply-proposals.js";
import type { Crypto } from "./crypto.js";
import { confirmedTranscriptHash } from "./key-schedule.js";
import { ensure, MlsError } from "./mls-error.js";
import { ensureSuccessor, resolveProposals, type SentProposal } from "./proposals.js";
import type { PublicState } from "./public-state.js";
import { validateLeaf } from "./tree/leaf.js";
import { addLeaf, leafAt, type Nodes } from "./tree/nodes.js";
import { treeHash, treeHashes } from "./tree/tree-hash.js";
import { ensureUnique } from "./tree/unique.js";
import { applyUpdatePath } from "./tree/update-path.js";
import type { UpdatePath } from "./wire/commit.js";
import type { AuthenticatedContent, ContentSender } from "./wire/framed-content.js";
import type { GroupContext } from "./wire/group-context.js";
import type { LeafNode } from "./wire/leaf-node.js";

/** What a commit does, in terms of RFC 9420: what an application looks at before anything is kept. */
export interface CheckedCommit {
  readonly before: PublicState;
  readonly sender: ContentSender;
  /** Its proposals, each with its own sender. */
  readonly list: readonly SentProposal[];
  /** Leaf index of the committer's new leaf; undefined when the commit has no path. */
  readonly committer: number | undefined;
  readonly authenticatedData: Uint8Array;
  readonly after: PublicState;
}

/** A commit, checked as far as public data goes, and the epoch that it begins. */
export interface EvaluatedCommit extends CheckedCommit {
  readonly path: UpdatePath | undefined;
  readonly applied: Applied;
  /** The tree that the path was made on: proposals applied, a joiner's leaf added. */
  readonly nodesBeforePath: Nodes;
  /** The new GroupContext with the old confirmed transcript hash: what path secrets are encrypted for. */
  readonly provisional: GroupContext;
}

/**
 * Checks a commit whose signature was checked (RFC 9420, 12.4.2), without any secret: proposals, path, resulting tree,
 * every new leaf. `membershipKey` is for the pending proposals; the hub has none. Throws MlsError.
 */
export async function evaluateCommit(
  crypto: Crypto,
  state: PublicState,
  authenticated: AuthenticatedContent,
  pending: readonly Uint8Array[],
  membershipKey: Uint8Array | undefined,
): Promise<EvaluatedCommit> {
  const { content, sender, authenticatedData } = authenticated.content;
  const { confirmationTag } = authenticated.auth;
  if (content.kind !== "commit" || confirmationTag === undefined) throw new MlsError("invalidCommit", "not a commit");
  const { path, proposals } = content.commit;
  const list = await resolveProposals(crypto, state, sender, proposals, pending, membershipKey);
  // "If the path value is not populated … verify that the proposals … allow" (12.4.2)
  ensure(path !== undefined || !needsPath(list), "invalidCommit", "a commit without a path that needs one");
  const applied = applyProposals(state, sender, list);

  const placed = placeCommitter(applied, sender, path);
  await treeHashes(crypto, placed.nodes, state.nodes);
  const nodes =
    path === undefined ? placed.nodes : await mergePath(crypto, state, sender, applied, { ...placed, path, list });
  ensureUnique(crypto.authentication, nodes, "invalidCommit");

  const provisional = {
    ...state.context,
    epoch: state.context.epoch + 1n,
    extensions: applied.extensions,
    treeHash: await treeHash(crypto, nodes, placed.nodes),
  };
  const context = {
    ...provisional,
    confirmedTranscriptHash: await confirmedTranscriptHash(crypto, state, authenticated),
  };
  return {
    before: state,
    sender,
    list,
    committer: path && placed.leafIndex,
    authenticatedData,
    after: { context, nodes, confirmationTag },
    path,
    applied,
    nodesBeforePath: placed.nodes,
    provisional,
  };
}

/** Checks the path and its leaf, and puts it into the tree. */
async function mergePath(
  crypto: Crypto,
  state: PublicState,
  sender: ContentSender,
  applied: Applied,
  parts: {
    readonly nodes: Nodes;
    readonly leafIndex: number;
    readonly path: UpdatePath;
    readonly list: readonly SentProposal[];
  },
): Promise<Nodes> {
  const { nodes: before, leafIndex, path, list } = parts;
  const { groupId } = state.context;
  const added = applied.added.map((newcomer) => newcomer.leafIndex);
  const nodes = await applyUpdatePath(crypto, before, leafIndex, path, applied.nodes, added);
  await validateLeaf(crypto, path.leafNode, { groupId, leafIndex }, applied.extensions);
  if (sender.kind === "member") ensureSuccessor(crypto, state.nodes, leafIndex, path.leafNode);
  else ensureReplaceable(crypto, state.nodes, list, path.leafNode);
  return nodes;
}

function placeCommitter({ nodes }: Applied, sender: ContentSender, path: UpdatePath | undefined) {
  if (sender.kind === "member") return { nodes, leafIndex: sender.leafIndex };
  ensure(sender.kind === "newMemberCommit", "invalidCommit", "a commit of somebody who is no member");
  if (path === undefined) throw new MlsError("invalidCommit", "an external commit without a path");
  return addLeaf(nodes, path.leafNode);
}

/**
 * "If a Remove proposal is present, then the LeafNode in the path … MUST meet the same criteria as would the LeafNode in
 * an Update for the removed leaf" (RFC 9420, 12.4.3.2), as the application reads them.
 */
function ensureReplaceable(crypto: Crypto, nodes: Nodes, list: readonly SentProposal[], joiner: LeafNode): void {
  for (const { proposal, inline } of list) {
    if (proposal.kind !== "remove" || !inline) continue;
    const removed = leafAt(nodes, proposal.removed);
    const own = removed !== undefined && crypto.authentication.mayReplace(removed, joiner);
    ensure(own, "invalidCommit", "an external commit that removes another");
    // "a different public key than the encryption_key in the leaf node being replaced" (7.3)
    const fresh = !equalBytes(removed.encryptionKey, joiner.encryptionKey);
    ensure(fresh, "invalidCommit", "a joiner's leaf with its old encryption key");
  }
}
