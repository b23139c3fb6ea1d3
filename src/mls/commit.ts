import type { CommitView } from "../codec/group-view.js";
import { type Applied, applyProposals } from "./apply-proposals.js";
import type { Crypto } from "./crypto.js";
import { viewCommit } from "./evaluate-commit.js";
import { encodePublicMessage, readPublicMessage, signContent } from "./framing.js";
import { type Group, makeGroup } from "./group.js";
import { type GroupInfoBundle, makeGroupInfo } from "./group-info.js";
import { confirmedTranscriptHash, deriveEpoch, makeConfirmationTag } from "./key-schedule.js";
import { MlsError } from "./mls-error.js";
import { openProposal, type ReceivedProposal, resolveProposals, type SentProposal } from "./proposals.js";
import { memberAt, type PublicState } from "./public-state.js";
import type { LeafContent } from "./tree/leaf.js";
import { leafAt, type Nodes } from "./tree/nodes.js";
import { treeHash, treeHashes } from "./tree/tree-hash.js";
import { createUpdatePath, type PrivateKeys, retainKeys } from "./tree/update-path.js";
import type { ProposalOrRef } from "./wire/commit.js";
import type { ContentSender } from "./wire/framed-content.js";
import type { Proposal } from "./wire/proposal.js";

/** A commit of one's own, made and not yet accepted: keep the old group until the hub has put it in order. */
export interface StagedOwnCommit extends GroupInfoBundle {
  /** The MLSMessage to send. */
  readonly commit: Uint8Array;
  /** The group after it, to be kept once it is accepted. */
  readonly next: Group;
  readonly view: CommitView;
}

/**
 * A member's commit (RFC 9420, 12.4.1): the referred proposal messages first, then the given proposals, and a path.
 * Without any it renews this member's keys. Throws MlsError for proposals that cannot be committed.
 */
export async function stageCommit(
  crypto: Crypto,
  group: Group,
  parts: { readonly proposals: readonly Proposal[]; readonly references: readonly Uint8Array[] },
): Promise<StagedOwnCommit> {
  const sender = { kind: "member", leafIndex: group.ownLeafIndex } as const;
  const { membershipKey, initSecret } = group.keys;
  const referred = await Promise.all(
    parts.references.map((message) => openProposal(crypto, group, readPublicMessage(message), membershipKey)),
  );
  const inline = parts.proposals.map((proposal) => ({ kind: "proposal", proposal }) as const);
  const list = [...referred, ...(await resolveProposals(crypto, group, sender, inline, [], membershipKey))];
  const applied = applyProposals(group, sender, list);
  const leaf = leafAt(applied.nodes, group.ownLeafIndex);
  if (leaf === undefined) throw new MlsError("invalidCommit", "a commit that removes its committer");
  const { nodes } = applied;
  const { leafIndex } = sender;
  return finishCommit(crypto, group, {
    sender,
    list,
    applied,
    nodes,
    leafIndex,
    leaf,
    initSecret,
    membershipKey,
    privateKeys: group.privateKeys,
  });
}

/** What a commit is finished from, by a member or by a joiner. */
export interface CommitParts {
  readonly sender: ContentSender;
  readonly list: readonly (SentProposal | ReceivedProposal)[];
  readonly applied: Applied;
  /** The tree with the proposals applied and the committer's leaf in it. */
  readonly nodes: Nodes;
  readonly leafIndex: number;
  readonly leaf: LeafContent;
  readonly initSecret: Uint8Array;
  /** Undefined for a joiner, who has none yet. */
  readonly membershipKey: Uint8Array | undefined;
  readonly privateKeys: PrivateKeys;
}

/** Path, signature, transcript, key schedule and tag of a commit, and the GroupInfo of the epoch that it begins. */
export async function finishCommit(crypto: Crypto, state: PublicState, parts: CommitParts): Promise<StagedOwnCommit> {
  const { sender, list, applied, nodes, leafIndex, leaf } = parts;
  await treeHashes(crypto, nodes, state.nodes);
  const { epoch, groupId } = state.context;
  const renewed = { ...state.context, epoch: epoch + 1n, extensions: applied.extensions };
  const created = await createUpdatePath(crypto, nodes, leafIndex, leaf, renewed);
  const content = {
    groupId,
    epoch,
    sender,
    authenticatedData: new Uint8Array(0),
    content: { kind: "commit", commit: { proposals: list.map(toWireProposal), path: created.path } },
  } as const;
  const signature = await signContent(crypto, "publicMessage", content, state.context, leaf.signatureKey);
  const signed = { wireFormat: "publicMessage", content, auth: { signature, confirmationTag: undefined } } as const;
  const context = {
    ...renewed,
    treeHash: await treeHash(crypto, created.nodes, nodes),
    confirmedTranscriptHash: await confirmedTranscriptHash(crypto, state, signed),
  };
  const secrets = await deriveEpoch(crypto, parts.initSecret, created.commitSecret, context);
  const confirmationTag = await makeConfirmationTag(crypto, secrets.keys, context);
  const after = { context, nodes: created.nodes, confirmationTag };
  const privateKeys = retainKeys(state.nodes, created.nodes, parts.privateKeys, created.privateKeys);
  const next = makeGroup(after, leafIndex, secrets, privateKeys);
  const auth = { signature, confirmationTag };
  return {
    commit: await encodePublicMessage(crypto, content, auth, state.context, parts.membershipKey),
    next,
    view: viewCommit(state, sender, list, memberAt(created.nodes, leafIndex), after),
    ...(await makeGroupInfo(crypto, next)),
  };
}

function toWireProposal(sent: SentProposal | ReceivedProposal): ProposalOrRef {
  return "reference" in sent
    ? { kind: "reference", reference: sent.reference }
    : { kind: "proposal", proposal: sent.proposal };
}
