import type { CommitView, Member, ProposalView } from "../codec/group-view.js";
import type { Crypto } from "./crypto.js";
import { evaluateCommit } from "./evaluate-commit.js";
import { externalInitSecret } from "./external-commit.js";
import { ensureCurrent, openPublicMessage, verifyContent } from "./framing.js";
import { type Group, makeGroup } from "./group.js";
import { deriveEpoch } from "./key-schedule.js";
import { ensure, MlsError, parse } from "./mls-error.js";
import { openPrivateContent, openSenderData } from "./private-framing.js";
import { openProposal, viewProposal } from "./proposals.js";
import { memberAt } from "./public-state.js";
import { keyOfGeneration } from "./secret-tree.js";
import { openUpdatePath, retainKeys } from "./tree/update-path.js";
import { mlsMessage, type PrivateMessage, type PublicMessage } from "./wire/message.js";

/** A received message, checked and not yet kept: policy judges it, and only then the caller replaces its group by `next`. */
export type Staged =
  /** `next` is undefined when the commit removes this member. */
  | { readonly kind: "commit"; readonly view: CommitView; readonly next: Group | undefined }
  | { readonly kind: "proposal"; readonly proposal: ProposalView; readonly reference: Uint8Array }
  | {
      readonly kind: "application";
      readonly sender: Member;
      readonly content: Uint8Array;
      readonly authenticatedData: Uint8Array;
      readonly next: Group;
    };

/**
 * Processes a received MLSMessage without changing anything. `pending` are the proposal messages of this epoch that were staged
 * before. Throws MlsError; the group is then what it was.
 */
export async function stage(
  crypto: Crypto,
  group: Group,
  message: Uint8Array,
  pending: readonly Uint8Array[],
): Promise<Staged> {
  const parsed = parse(mlsMessage, message);
  switch (parsed.kind) {
    case "privateMessage":
      return stageApplication(crypto, group, parsed.privateMessage);
    case "publicMessage":
      return stageHandshake(crypto, group, parsed.publicMessage, pending);
    case "groupInfo":
    case "keyPackage":
      throw new MlsError("unsupported", `a ${parsed.kind} is no event of a group`);
  }
}

async function stageHandshake(
  crypto: Crypto,
  group: Group,
  message: PublicMessage,
  pending: readonly Uint8Array[],
): Promise<Staged> {
  const { content, sender } = message.content;
  const { membershipKey } = group.keys;
  ensureCurrent(group.context, message.content);
  if (content.kind === "proposal") {
    const received = await openProposal(crypto, group, message, membershipKey);
    return { kind: "proposal", proposal: viewProposal(group.nodes, received), reference: received.reference };
  }
  const own = sender.kind === "member" && sender.leafIndex === group.ownLeafIndex;
  ensure(!own, "ownMessage", "a commit of this member: its state was made with it");
  return stageCommitOfOther(crypto, group, message, pending);
}

async function stageCommitOfOther(
  crypto: Crypto,
  group: Group,
  message: PublicMessage,
  pending: readonly Uint8Array[],
): Promise<Staged> {
  const { keys, ownLeafIndex: leafIndex, privateKeys } = group;
  const authenticated = await openPublicMessage(crypto, group, message, keys.membershipKey);
  const commit = await evaluateCommit(crypto, group, authenticated, pending, keys.membershipKey);
  const { view, applied, next, nodesBeforePath, path, provisional } = commit;
  if (applied.removed.has(leafIndex)) return { kind: "commit", view, next: undefined };

  const member = { leafIndex, privateKeys };
  const opened = await openUpdatePath(crypto, nodesBeforePath, commit.committer, path, provisional, member);
  const { kemOutput } = applied;
  const initSecret = kemOutput ? await externalInitSecret(keys.externalSecret, kemOutput) : keys.initSecret;
  const epoch = await deriveEpoch(crypto, initSecret, opened.commitSecret, next.context);
  const { confirmedTranscriptHash } = next.context;
  const confirmed = await crypto.hash.verifyMac(
    epoch.keys.confirmationKey,
    next.confirmationTag,
    confirmedTranscriptHash,
  );
  ensure(confirmed, "badConfirmationTag", "a commit whose committer is in another epoch than it says");
  const held = retainKeys(group.nodes, next.nodes, privateKeys, opened.privateKeys);
  return { kind: "commit", view, next: makeGroup(next, leafIndex, epoch, held) };
}

async function stageApplication(crypto: Crypto, group: Group, message: PrivateMessage): Promise<Staged> {
  const { context, nodes, keys } = group;
  ensureCurrent(context, message);
  ensure(message.contentType === "application", "unsupported", "handshake messages that are encrypted");
  const sender = await openSenderData(crypto, message, keys.senderDataSecret);
  // "verify that the leaf_index … is a non-blank leaf" (RFC 9420, 6.3.2), before any tree is walked for it
  const member = memberAt(nodes, sender.leafIndex);
  ensure(sender.leafIndex !== group.ownLeafIndex, "ownMessage", "a message of this member");
  const opened = await keyOfGeneration(crypto, group.secretTree, sender.leafIndex, sender.generation);
  const { applicationData, signature } = await openPrivateContent(message, sender, opened.messageKey);
  const { groupId, epoch, authenticatedData } = message;
  const content = {
    groupId,
    epoch,
    sender: { kind: "member", leafIndex: sender.leafIndex },
    authenticatedData,
    content: { kind: "application", applicationData },
  } as const;
  const auth = { signature, confirmationTag: undefined };
  await verifyContent(crypto, { wireFormat: "privateMessage", content, auth }, group);
  const next = { ...group, secretTree: opened.tree };
  return { kind: "application", sender: member, content: applicationData, authenticatedData, next };
}
