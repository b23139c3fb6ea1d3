import { equalBytes } from "../codec/bytes.js";
import { HASH_LENGTH } from "./cipher-suite.js";
import type { Crypto } from "./crypto.js";
import { type CheckedCommit, type EvaluatedCommit, evaluateCommit } from "./evaluate-commit.js";
import { externalInitSecret } from "./external-commit.js";
import { forget } from "./forget.js";
import type { ReadableEpoch } from "./former-epochs.js";
import { ensureCurrent, openPublicMessage, verifyContent } from "./framing.js";
import { type Group, makeGroup, readableEpoch, resumptionPsks } from "./group.js";
import { deriveEpoch } from "./key-schedule.js";
import { ensure, MlsError, parse } from "./mls-error.js";
import { openPrivateContent, openSenderData } from "./private-framing.js";
import { openProposal, type ReceivedProposal } from "./proposals.js";
import { type PreSharedKey, pskSecretOf } from "./psk.js";
import { keyOfGeneration, type SecretTree } from "./secret-tree.js";
import { leafAt, type Nodes, nodeOfLeaf } from "./tree/nodes.js";
import { openUpdatePath, type PrivateKeys, retainKeys } from "./tree/update-path.js";
import type { AuthenticatedContent } from "./wire/framed-content.js";
import { mlsMessage, type PrivateMessage, type PublicMessage } from "./wire/message.js";

/** A received message, checked and not yet kept: in terms of RFC 9420, of any group. */
export type Processed =
  /** `next` is undefined when the commit removes this member. */
  | { readonly kind: "commit"; readonly checked: CheckedCommit; readonly next: Group | undefined }
  | { readonly kind: "proposal"; readonly received: ReceivedProposal; readonly authenticatedData: Uint8Array }
  | {
      readonly kind: "application";
      readonly leafIndex: number;
      /** The epoch that it was said in, and who was in then: a former one when it came late. */
      readonly epoch: bigint;
      readonly nodes: Nodes;
      readonly content: Uint8Array;
      readonly authenticatedData: Uint8Array;
      readonly next: Group;
    };

/** What a member knows beside its group. */
export interface Known {
  /** The proposal messages of this epoch that were processed before. */
  readonly pending: readonly Uint8Array[];
  /** The keys that a commit may name; the group's own resumption PSKs are known. */
  readonly psks?: readonly PreSharedKey[];
}

/** Processes a received MLSMessage without changing anything. Throws MlsError; the group is then what it was. */
export async function processMessage(
  crypto: Crypto,
  group: Group,
  message: Uint8Array,
  known: Known,
): Promise<Processed> {
  const parsed = parse(mlsMessage, message);
  switch (parsed.kind) {
    case "privateMessage":
      return processPrivate(crypto, group, parsed.privateMessage);
    case "publicMessage":
      return processPublic(crypto, group, parsed.publicMessage, known);
    default:
      throw new MlsError("unsupported", `a ${parsed.kind} is no event of a group`);
  }
}

async function processPublic(crypto: Crypto, group: Group, message: PublicMessage, known: Known): Promise<Processed> {
  const { content, sender, authenticatedData } = message.content;
  const { membershipKey } = group.keys;
  ensureCurrent(group.context, message.content);
  ensure(group.reInit === undefined, "invalidCommit", "the group begins anew elsewhere");
  if (content.kind === "proposal") {
    return { kind: "proposal", received: await openProposal(crypto, group, message, membershipKey), authenticatedData };
  }
  const own = sender.kind === "member" && sender.leafIndex === group.ownLeafIndex;
  ensure(!own, "ownMessage", "a commit of this member: its state was made with it");
  return processCommit(crypto, group, await openPublicMessage(crypto, group, message, membershipKey), known);
}

async function processCommit(
  crypto: Crypto,
  group: Group,
  authenticated: AuthenticatedContent,
  { pending, psks = [] }: Known,
): Promise<Processed> {
  const { keys, ownLeafIndex } = group;
  const commit = await evaluateCommit(crypto, group, authenticated, pending, keys.membershipKey);
  const { applied, after } = commit;
  if (applied.removed.has(ownLeafIndex)) return { kind: "commit", checked: commit, next: undefined };

  const held = heldKeys(group, commit);
  const opened = await openPath(crypto, group, commit, held);
  const { kemOutput } = applied;
  const initSecret = kemOutput ? await externalInitSecret(keys.externalSecret, kemOutput) : keys.initSecret;
  const pskSecret = await pskSecretOf(crypto, applied.psks, [...psks, ...resumptionPsks(group)]);
  const epoch = await deriveEpoch(crypto, initSecret, opened.commitSecret, pskSecret, after.context);
  forget(epoch.joinerSecret, epoch.welcomeSecret, pskSecret);
  if (initSecret !== keys.initSecret) forget(initSecret);
  const { confirmedTranscriptHash } = after.context;
  const confirmed = await crypto.hash.verifyMac(
    epoch.keys.confirmationKey,
    after.confirmationTag,
    confirmedTranscriptHash,
  );
  ensure(confirmed, "badConfirmationTag", "a commit whose committer is in another epoch than it says");
  const privateKeys = retainKeys(commit.nodesBeforePath, after.nodes, held, opened.privateKeys);
  const next = makeGroup(after, ownLeafIndex, epoch, privateKeys, group, applied.reInit);
  return { kind: "commit", checked: commit, next };
}

/** The private keys of the tree that the path was made on: an Update of this member's may have given its leaf another one. */
function heldKeys(group: Group, { applied }: EvaluatedCommit): PrivateKeys {
  const { ownLeafIndex, privateKeys, updateKeys, nodes } = group;
  const kept = retainKeys(nodes, applied.nodes, privateKeys, new Map());
  if (!applied.updated.has(ownLeafIndex)) return kept;
  const leaf = leafAt(applied.nodes, ownLeafIndex);
  const own = updateKeys.find(({ publicKey }) => leaf !== undefined && equalBytes(publicKey, leaf.encryptionKey));
  if (own === undefined) throw new MlsError("invalidCommit", "an Update of this member that it did not make");
  return new Map([...kept, [nodeOfLeaf(ownLeafIndex), own.privateKey]]);
}

async function openPath(crypto: Crypto, group: Group, commit: EvaluatedCommit, privateKeys: PrivateKeys) {
  const { path, committer, nodesBeforePath, provisional, applied } = commit;
  if (path === undefined || committer === undefined) {
    // "commit_secret … the all-zero vector of length KDF.Nh" (RFC 9420, 12.4.2)
    return { privateKeys: new Map<number, Uint8Array>(), commitSecret: new Uint8Array(HASH_LENGTH) };
  }
  const member = { leafIndex: group.ownLeafIndex, privateKeys };
  const added = applied.added.map(({ leafIndex }) => leafIndex);
  return openUpdatePath(crypto, nodesBeforePath, committer, path, provisional, member, added);
}

async function processPrivate(crypto: Crypto, group: Group, message: PrivateMessage): Promise<Processed> {
  const of = epochOf(group, message);
  const { nodes } = of;
  ensure(message.contentType === "application", "unsupported", "handshake messages that are encrypted");
  const { leafIndex, ...sender } = await openSenderData(crypto, message, of.senderDataSecret);
  // "verify that the leaf_index … is a non-blank leaf" (RFC 9420, 6.3.2), before any tree is walked for it
  ensure(leafAt(nodes, leafIndex) !== undefined, "badLeaf", `leaf ${leafIndex} is blank or outside of the tree`);
  ensure(leafIndex !== group.ownLeafIndex, "ownMessage", "a message of this member");
  const opened = await keyOfGeneration(crypto, of.secretTree, leafIndex, sender.generation);
  const { messageKey } = opened;
  const { applicationData, signature } = await openPrivateContent(message, { leafIndex, ...sender }, messageKey);
  forget(messageKey.key, messageKey.nonce);
  const { groupId, epoch, authenticatedData } = message;
  const content = {
    groupId,
    epoch,
    sender: { kind: "member", leafIndex },
    authenticatedData,
    content: { kind: "application", applicationData },
  } as const;
  const auth = { signature, confirmationTag: undefined };
  await verifyContent(crypto, { wireFormat: "privateMessage", content, auth }, of);
  const next = withSecretTree(group, of, opened.tree);
  return { kind: "application", leafIndex, epoch, nodes, content: applicationData, authenticatedData, next };
}

/** The epoch that a message is of: the group's own, or one of those that are kept. Throws MlsError "wrongGroup", "wrongEpoch". */
function epochOf(group: Group, message: PrivateMessage): ReadableEpoch {
  const former = group.former.find(({ context }) => context.epoch === message.epoch);
  ensureCurrent(former?.context ?? group.context, message);
  return former ?? readableEpoch(group);
}

function withSecretTree(group: Group, of: ReadableEpoch, secretTree: SecretTree): Group {
  if (!group.former.includes(of)) return { ...group, secretTree };
  return { ...group, former: group.former.map((kept) => (kept === of ? { ...kept, secretTree } : kept)) };
}
