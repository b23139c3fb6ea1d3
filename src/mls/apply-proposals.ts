import { toHex } from "../codec/bytes.js";
import { encode } from "../codec/tls.js";
import { ensure, MlsError } from "./mls-error.js";
import { memberIndex, type SentProposal } from "./proposals.js";
import type { PublicState } from "./public-state.js";
import { ensureCapable, requiredOf } from "./tree/leaf.js";
import { addLeaf, leaves, type Nodes, removeLeaf, replaceLeaf } from "./tree/nodes.js";
import type { Extension } from "./wire/extension.js";
import type { ContentSender } from "./wire/framed-content.js";
import type { KeyPackage } from "./wire/key-package.js";
import { type PreSharedKeyId, preSharedKeyId } from "./wire/pre-shared-key.js";
import type { Proposal, ReInit } from "./wire/proposal.js";
import { SELF_REMOVE } from "./wire/self-remove.js";

/** A group with the proposals of a commit applied and its path not. */
export interface Applied {
  readonly nodes: Nodes;
  readonly extensions: readonly Extension[];
  /** Leaf indices that were made blank; somebody who is added may stand there now. */
  readonly removed: ReadonlySet<number>;
  /** Whom the commit adds, and where they stand. */
  readonly added: readonly { readonly leafIndex: number; readonly keyPackage: KeyPackage }[];
  /** Leaf indices whose leaf an Update replaced. */
  readonly updated: ReadonlySet<number>;
  readonly psks: readonly PreSharedKeyId[];
  readonly reInit: ReInit | undefined;
  /** The KEM output of the ExternalInit, in an external commit. */
  readonly kemOutput: Uint8Array | undefined;
}

type Of<Kind extends Proposal["kind"]> = SentProposal & { readonly proposal: Extract<Proposal, { kind: Kind }> };

/** Proposals whose commit needs no path, when it has no others (RFC 9420, 12.4, "Proposal types … path required: N"). */
const WITHOUT_PATH: ReadonlySet<Proposal["kind"]> = new Set(["add", "psk", "reInit"]);

/** Whether a commit of these proposals must have a path: "the proposals vector is empty", or one of them asks for it (12.4). */
export function needsPath(list: readonly SentProposal[]): boolean {
  return list.length === 0 || list.some(({ proposal }) => !WITHOUT_PATH.has(proposal.kind));
}

/**
 * Applies the proposals of a commit in the order of RFC 9420, 12.3: GroupContextExtensions, Update, Remove (and
 * SelfRemove), Add. Throws MlsError "invalidCommit" for a list that 12.2 does not allow. Each proposal was checked by itself.
 */
export function applyProposals(state: PublicState, committer: ContentSender, list: readonly SentProposal[]): Applied {
  const kemOutput = committer.kind === "newMemberCommit" ? externalInit(list) : undefined;
  if (committer.kind === "member") ensureMemberList(list, committer.leafIndex);
  const reInit = soleReInit(list);
  const psks = differentPsks(list);

  const extensions = changedExtensions(list) ?? state.context.extensions;
  let { nodes } = state;
  const touched = new Set<number>();
  const touch = (leafIndex: number) => {
    // "multiple Update and/or Remove proposals that apply to the same leaf" (12.2)
    ensure(!touched.has(leafIndex), "invalidCommit", `two proposals for leaf ${leafIndex}`);
    touched.add(leafIndex);
  };
  const updated = new Set<number>();
  for (const { proposal, sender } of of(list, "update")) {
    const leafIndex = memberIndex(sender);
    touch(leafIndex);
    updated.add(leafIndex);
    nodes = replaceLeaf(nodes, leafIndex, proposal.leafNode);
  }
  const removed = new Set<number>();
  for (const { proposal, sender } of list) {
    if (proposal.kind !== "remove" && proposal.kind !== "selfRemove") continue;
    const leafIndex = proposal.kind === "remove" ? proposal.removed : memberIndex(sender);
    touch(leafIndex);
    removed.add(leafIndex);
    nodes = removeLeaf(nodes, leafIndex);
  }
  ensureSupported(nodes, list, extensions);
  const added: Applied["added"][number][] = [];
  for (const { proposal } of of(list, "add")) {
    const { keyPackage } = proposal;
    const placed = addLeaf(nodes, keyPackage.leafNode);
    added.push({ leafIndex: placed.leafIndex, keyPackage });
    nodes = placed.nodes;
  }
  if (extensions !== state.context.extensions) {
    for (const { leaf } of leaves(nodes)) ensureCapable(leaf, extensions);
  }
  return { nodes, extensions, removed, added, updated, psks, reInit, kemOutput };
}

function of<Kind extends Proposal["kind"]>(list: readonly SentProposal[], kind: Kind): readonly Of<Kind>[] {
  return list.filter((sent): sent is Of<Kind> => sent.proposal.kind === kind);
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
 * "Contains exactly one ExternalInit … at most one Remove … zero or more PreSharedKey … no other proposals" (RFC 9420,
 * 12.2); SelfRemoves by reference are allowed too (mls-extensions, SelfRemove).
 */
function externalInit(list: readonly SentProposal[]): Uint8Array {
  const [init, ...more] = of(list, "externalInit");
  const removes = of(list, "remove");
  const byValue = list.filter(({ inline }) => inline).length + of(list, "selfRemove").length === list.length;
  if (init === undefined || more.length > 0 || removes.length > 1 || !byValue) {
    throw new MlsError("invalidCommit", "an external commit with proposals that it cannot have");
  }
  return init.proposal.kemOutput;
}

/**
 * "a Proposal with a non-default proposal type that is not supported by some members of the group that will process the Commit"
 * (12.2); `nodes` are those who stay. Where the context requires the type, every leaf was asked already.
 */
function ensureSupported(nodes: Nodes, list: readonly SentProposal[], extensions: readonly Extension[]): void {
  if (of(list, "selfRemove").length === 0 || requiredOf(extensions).proposalTypes.includes(SELF_REMOVE)) return;
  const supported = leaves(nodes).every(({ leaf }) => leaf.capabilities.proposals.includes(SELF_REMOVE));
  ensure(supported, "invalidCommit", "a commit with a SelfRemove, which a member does not support");
}

/** "It contains … a ReInit proposal together with any other proposal" (12.2) */
function soleReInit(list: readonly SentProposal[]): ReInit | undefined {
  const [sent] = of(list, "reInit");
  ensure(sent === undefined || list.length === 1, "invalidCommit", "a ReInit among other proposals");
  return sent?.proposal;
}

/** "It contains multiple PreSharedKey proposals that reference the same PreSharedKeyID" (12.2) */
function differentPsks(list: readonly SentProposal[]): readonly PreSharedKeyId[] {
  const psks = of(list, "psk").map(({ proposal }) => proposal.psk);
  const ids = new Set(psks.map((psk) => toHex(encode(preSharedKeyId, psk))));
  ensure(ids.size === psks.length, "invalidCommit", "a commit with one pre-shared key twice");
  return psks;
}

function changedExtensions(list: readonly SentProposal[]): readonly Extension[] | undefined {
  const [change, ...more] = of(list, "groupContextExtensions");
  ensure(more.length === 0, "invalidCommit", "a commit with two GroupContextExtensions");
  return change?.proposal.extensions;
}
