import { ensure, MlsError } from "./mls-error.js";
import { memberIndex, type SentProposal } from "./proposals.js";
import type { PublicState } from "./public-state.js";
import { ensureCapable } from "./tree/leaf.js";
import { leaves, type Nodes, removeLeaf, replaceLeaf } from "./tree/nodes.js";
import type { Extension } from "./wire/extension.js";
import type { ContentSender } from "./wire/framed-content.js";

/** A group with the proposals of a commit applied and its path not. */
export interface Applied {
  readonly nodes: Nodes;
  readonly extensions: readonly Extension[];
  /** Leaf indices that are blank now. */
  readonly removed: ReadonlySet<number>;
  /** The KEM output of the ExternalInit, in an external commit. */
  readonly kemOutput: Uint8Array | undefined;
}

/**
 * Applies the proposals of a commit in the order of RFC 9420, 12.3: GroupContextExtensions, Update, Remove (and
 * SelfRemove). Throws MlsError "invalidCommit" for a list that 12.2 does not allow. Each proposal was checked by itself.
 */
export function applyProposals(state: PublicState, committer: ContentSender, list: readonly SentProposal[]): Applied {
  const kemOutput = committer.kind === "newMemberCommit" ? externalInit(list) : undefined;
  if (committer.kind === "member") ensureMemberList(list, committer.leafIndex);

  const extensions = changedExtensions(list) ?? state.context.extensions;
  let { nodes } = state;
  const touched = new Set<number>();
  const touch = (leafIndex: number) => {
    // "multiple Update and/or Remove proposals that apply to the same leaf" (12.2)
    ensure(!touched.has(leafIndex), "invalidCommit", `two proposals for leaf ${leafIndex}`);
    touched.add(leafIndex);
  };
  for (const { proposal, sender } of list) {
    if (proposal.kind !== "update") continue;
    touch(memberIndex(sender));
    nodes = replaceLeaf(nodes, memberIndex(sender), proposal.leafNode);
  }
  const removed = new Set<number>();
  for (const { proposal, sender } of list) {
    if (proposal.kind !== "remove" && proposal.kind !== "selfRemove") continue;
    const leafIndex = proposal.kind === "remove" ? proposal.removed : memberIndex(sender);
    touch(leafIndex);
    removed.add(leafIndex);
    nodes = removeLeaf(nodes, leafIndex);
  }
  if (extensions !== state.context.extensions) {
    for (const { leaf } of leaves(nodes)) ensureCapable(leaf, extensions);
  }
  return { nodes, extensions, removed, kemOutput };
}

/** "the list is invalid if … it contains an Update by the committer, a Remove of the committer, …" (12.2) */
function ensureMemberList(list: readonly SentProposal[], committer: number): void {
  for (const { proposal, sender } of list) {
    const own = sender.kind === "member" && sender.leafIndex === committer;
    const invalid =
      proposal.kind === "externalInit" ||
      (proposal.kind === "remove" && proposal.removed === committer) ||
      (own && (proposal.kind === "selfRemove" || proposal.kind === "update"));
    ensure(!invalid, "invalidCommit", `a commit with a ${proposal.kind} that its committer cannot commit`);
  }
}

/**
 * "Contains exactly one ExternalInit … at most one Remove … no other proposals" (RFC 9420, 12.2); SelfRemoves by
 * reference are allowed too (mls-extensions, SelfRemove).
 */
function externalInit(list: readonly SentProposal[]): Uint8Array {
  const inits = list.flatMap(({ proposal }) => (proposal.kind === "externalInit" ? [proposal.kemOutput] : []));
  const removes = list.filter(({ proposal }) => proposal.kind === "remove");
  const others = list.filter(
    ({ proposal }) => proposal.kind === "groupContextExtensions" || proposal.kind === "update",
  );
  const [kemOutput] = inits;
  const valid = removes.length <= 1 && removes.every(({ inline }) => inline) && others.length === 0;
  if (kemOutput === undefined || inits.length > 1 || !valid) {
    throw new MlsError("invalidCommit", "an external commit with proposals that it cannot have");
  }
  return kemOutput;
}

function changedExtensions(list: readonly SentProposal[]): readonly Extension[] | undefined {
  const changes = list.flatMap(({ proposal }) =>
    proposal.kind === "groupContextExtensions" ? [proposal.extensions] : [],
  );
  ensure(changes.length <= 1, "invalidCommit", "a commit with two GroupContextExtensions");
  return changes[0];
}
