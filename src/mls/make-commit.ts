import { type Applied, applyProposals, needsPath } from "./apply-proposals.js";
import { ensureWithin } from "./bounds.js";
import { HASH_LENGTH } from "./cipher-suite.js";
import type { Crypto } from "./crypto.js";
import type { CheckedCommit } from "./evaluate-commit.js";
import { forget } from "./forget.js";
import { encodePublicMessage, readPublicMessage, signContent } from "./framing.js";
import { type Group, makeGroup, resumptionPsks } from "./group.js";
import { type GroupInfoBundle, makeGroupInfo } from "./group-info.js";
import { confirmedTranscriptHash, deriveEpoch, makeConfirmationTag } from "./key-schedule.js";
import { ensure, MlsError } from "./mls-error.js";
import { openProposal, type ReceivedProposal, resolveProposals, type SentProposal } from "./proposals.js";
import { type PreSharedKey, pskSecretOf } from "./psk.js";
import type { PublicState } from "./public-state.js";
import type { LeafContent } from "./tree/leaf.js";
import { leafAt, type Nodes } from "./tree/nodes.js";
import { treeHash, treeHashes } from "./tree/tree-hash.js";
import { ensureUnique } from "./tree/unique.js";
import { type CreatedPath, createUpdatePath, type PrivateKeys, retainKeys } from "./tree/update-path.js";
import { makeWelcome } from "./welcome.js";
import type { ProposalOrRef } from "./wire/commit.js";
import type { ContentSender } from "./wire/framed-content.js";
import type { Proposal } from "./wire/proposal.js";

const NOTHING = new Uint8Array(0);

/** A commit of one's own, made and not yet accepted: keep the old group until it has its place in the group's order. */
export interface OwnCommit extends GroupInfoBundle {
  /** The MLSMessage to send. */
  readonly commit: Uint8Array;
  /** The MLSMessage(Welcome) for all whom the commit adds; undefined when it adds nobody. */
  readonly welcome: Uint8Array | undefined;
  /** The group after it, to be kept once it is accepted. */
  readonly next: Group;
  readonly checked: CheckedCommit;
}

/** What a member commits. */
export interface CommitWish {
  /** Proposal messages of this epoch, to be referred to. */
  readonly references: readonly Uint8Array[];
  readonly proposals: readonly Proposal[];
  /** The keys that PreSharedKey proposals name; the group's own resumption PSKs are known. */
  readonly psks?: readonly PreSharedKey[];
  readonly authenticatedData?: Uint8Array;
  /** What the committer's leaf says from now on, under the same signature key; the same as before when absent. */
  readonly leaf?: LeafContent;
  /** Whether the Welcome holds the tree: it then grows with the group for each newcomer, and is for those who cannot fetch it. */
  readonly treeInWelcome?: boolean;
}

/**
 * A member's commit (RFC 9420, 12.4.1): the referred proposal messages first, then the given proposals, and a path unless they are
 * Adds, PreSharedKeys or a ReInit only. Without any it renews this member's keys. Throws MlsError for proposals that cannot be
 * committed.
 */
export async function makeCommit(crypto: Crypto, group: Group, wish: CommitWish): Promise<OwnCommit> {
  ensure(group.reInit === undefined, "invalidCommit", "the group begins anew elsewhere");
  ensureWithin("proposals", wish.references.length + wish.proposals.length);
  const sender = { kind: "member", leafIndex: group.ownLeafIndex } as const;
  const { membershipKey, initSecret } = group.keys;
  const referred = await Promise.all(
    wish.references.map((message) => openProposal(crypto, group, readPublicMessage(message), membershipKey)),
  );
  const inline = wish.proposals.map((proposal) => ({ kind: "proposal", proposal }) as const);
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
    leaf: wish.leaf ?? leaf,
    initSecret,
    membershipKey,
    privateKeys: group.privateKeys,
    psks: [...(wish.psks ?? []), ...resumptionPsks(group)],
    before: group,
    authenticatedData: wish.authenticatedData ?? NOTHING,
    treeInWelcome: wish.treeInWelcome ?? false,
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
  readonly psks: readonly PreSharedKey[];
  /** The member's group before it; undefined for a joiner. */
  readonly before: Group | undefined;
  readonly authenticatedData: Uint8Array;
  readonly treeInWelcome: boolean;
}

/** Path, signature, transcript, key schedule and tag of a commit, Welcome and GroupInfo of the epoch that it begins. */
export async function finishCommit(crypto: Crypto, state: PublicState, parts: CommitParts): Promise<OwnCommit> {
  const { sender, list, applied, nodes, leafIndex, leaf, before } = parts;
  await treeHashes(crypto, nodes, state.nodes);
  const { epoch, groupId } = state.context;
  const renewed = { ...state.context, epoch: epoch + 1n, extensions: applied.extensions };
  const added = applied.added.map((newcomer) => newcomer.leafIndex);
  const created = needsPath(list)
    ? await createUpdatePath(crypto, nodes, leafIndex, leaf, renewed, added)
    : withoutPath(nodes);
  ensureUnique(crypto.authentication, created.nodes, "invalidCommit");
  const content = {
    groupId,
    epoch,
    sender,
    authenticatedData: parts.authenticatedData,
    content: { kind: "commit", commit: { proposals: list.map(toWireProposal), path: created.path } },
  } as const;
  const signature = await signContent(crypto, "publicMessage", content, state.context, leaf.signatureKey);
  const signed = { wireFormat: "publicMessage", content, auth: { signature, confirmationTag: undefined } } as const;
  const context = {
    ...renewed,
    treeHash: await treeHash(crypto, created.nodes, nodes),
    confirmedTranscriptHash: await confirmedTranscriptHash(crypto, state, signed),
  };
  const pskSecret = await pskSecretOf(crypto, applied.psks, parts.psks);
  const secrets = await deriveEpoch(crypto, parts.initSecret, created.commitSecret, pskSecret, context);
  const confirmationTag = await makeConfirmationTag(crypto, secrets.keys, context);
  const after = { context, nodes: created.nodes, confirmationTag };
  const privateKeys = retainKeys(state.nodes, created.nodes, parts.privateKeys, created.privateKeys);
  const next = makeGroup(after, leafIndex, secrets, privateKeys, before, applied.reInit);
  const auth = { signature, confirmationTag };
  const { authenticatedData, treeInWelcome } = parts;
  const committer = created.path && leafIndex;
  const welcome =
    added.length === 0 ? undefined : await makeWelcome(crypto, next, applied, created, secrets, treeInWelcome);
  forget(secrets.joinerSecret, secrets.welcomeSecret, pskSecret);
  return {
    commit: await encodePublicMessage(crypto, content, auth, state.context, parts.membershipKey),
    welcome,
    next,
    checked: { before: state, sender, list, committer, authenticatedData, after },
    ...(await makeGroupInfo(crypto, next)),
  };
}

/** "commit_secret … the all-zero vector of length KDF.Nh" of a commit without a path (RFC 9420, 12.4.1). */
function withoutPath(nodes: Nodes): Omit<CreatedPath, "path"> & { readonly path: undefined } {
  return {
    path: undefined,
    nodes,
    privateKeys: new Map(),
    commitSecret: new Uint8Array(HASH_LENGTH),
    welcomed: new Map(),
  };
}

function toWireProposal(sent: SentProposal | ReceivedProposal): ProposalOrRef {
  return "reference" in sent
    ? { kind: "reference", reference: sent.reference }
    : { kind: "proposal", proposal: sent.proposal };
}
