import { equalBytes } from "../codec/bytes.js";
import type { CommitView, Member, SenderView } from "../codec/group-view.js";
import { type Applied, applyProposals } from "./apply-proposals.js";
import type { Crypto } from "./crypto.js";
import { confirmedTranscriptHash } from "./key-schedule.js";
import { ensure, MlsError } from "./mls-error.js";
import { ensureSameClient, resolveProposals, type SentProposal, viewProposal } from "./proposals.js";
import { memberAt, type PublicState, viewState } from "./public-state.js";
import { validateLeaf } from "./tree/leaf.js";
import { addLeaf, type Nodes } from "./tree/nodes.js";
import { treeHash, treeHashes } from "./tree/tree-hash.js";
import { ensureUnique } from "./tree/unique.js";
import { applyUpdatePath } from "./tree/update-path.js";
import type { UpdatePath } from "./wire/commit.js";
import type { AuthenticatedContent, ContentSender } from "./wire/framed-content.js";
import type { GroupContext } from "./wire/group-context.js";

/** A commit, checked as far as public data goes, and the epoch that it begins. */
export interface EvaluatedCommit {
  readonly committer: number;
  readonly path: UpdatePath;
  readonly applied: Applied;
  /** The tree that the path was made on: proposals applied, a joiner's leaf added. */
  readonly nodesBeforePath: Nodes;
  /** The new GroupContext with the old confirmed transcript hash: what path secrets are encrypted for. */
  readonly provisional: GroupContext;
  readonly next: PublicState;
  readonly view: CommitView;
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
  const { content, sender } = authenticated.content;
  const { confirmationTag } = authenticated.auth;
  if (content.kind !== "commit" || confirmationTag === undefined) throw new MlsError("invalidCommit", "not a commit");
  const { path, proposals } = content.commit;
  // "If the path value is not populated … verify that the proposals … allow": rooms know no proposal that would
  if (path === undefined) throw new MlsError("invalidCommit", "a commit without a path");
  const list = await resolveProposals(crypto, state, sender, proposals, pending, membershipKey);
  const applied = applyProposals(state, sender, list);

  const { nodes: nodesBeforePath, leafIndex: committer } = placeCommitter(applied, sender, path);
  await treeHashes(crypto, nodesBeforePath, state.nodes);
  const nodes = await applyUpdatePath(crypto, nodesBeforePath, committer, path, applied.nodes);
  const { groupId, epoch } = state.context;
  const member = await validateLeaf(crypto, path.leafNode, { groupId, leafIndex: committer }, applied.extensions);
  if (sender.kind === "member") ensureSameClient(state.nodes, committer, path.leafNode);
  else ensureOwnRemove(state.nodes, list, member);
  ensureUnique(nodes, "invalidCommit");

  const provisional = {
    ...state.context,
    epoch: epoch + 1n,
    extensions: applied.extensions,
    treeHash: await treeHash(crypto, nodes, nodesBeforePath),
  };
  const context = {
    ...provisional,
    confirmedTranscriptHash: await confirmedTranscriptHash(crypto, state, authenticated),
  };
  const next = { context, nodes, confirmationTag };
  const view = viewCommit(state, sender, list, member, next);
  return { committer, path, applied, nodesBeforePath, provisional, next, view };
}

/** What policy judges of a commit. */
export function viewCommit(
  before: PublicState,
  sender: ContentSender,
  list: readonly SentProposal[],
  committer: Member,
  after: Pick<PublicState, "context" | "nodes">,
): CommitView {
  const by: SenderView =
    sender.kind === "member"
      ? { kind: "member", member: memberAt(before.nodes, sender.leafIndex) }
      : { kind: "newMemberCommit", member: committer };
  return {
    sender: by,
    proposals: list.map((sent) => viewProposal(before.nodes, sent, by)),
    committer,
    before: viewState(before),
    after: viewState(after),
  };
}

function placeCommitter({ nodes }: Applied, sender: ContentSender, { leafNode }: UpdatePath) {
  if (sender.kind === "member") return { nodes, leafIndex: sender.leafIndex };
  ensure(sender.kind === "newMemberCommit", "invalidCommit", "a commit of somebody who is no member");
  return addLeaf(nodes, leafNode);
}

/**
 * "If a Remove proposal is present, then the LeafNode in the path … MUST meet the same criteria as would the LeafNode in
 * an Update for the removed leaf" (RFC 9420, 12.4.3.2): a joiner takes away only its own user's leaf, by the same user key.
 */
function ensureOwnRemove(nodes: Nodes, list: readonly SentProposal[], joiner: Member): void {
  for (const { proposal, inline } of list) {
    if (proposal.kind !== "remove" || !inline) continue;
    const removed = memberAt(nodes, proposal.removed);
    const own = removed.userUri === joiner.userUri && equalBytes(removed.userKey, joiner.userKey);
    ensure(own, "invalidCommit", "an external commit that removes another user");
  }
}
