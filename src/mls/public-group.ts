import { equalBytes } from "../codec/bytes.js";
import type { CommitView, GroupView, ProposalView } from "../codec/group-view.js";
import { encode, opaque, struct, uint8 } from "../codec/tls.js";
import type { Crypto } from "./crypto.js";
import { evaluateCommit } from "./evaluate-commit.js";
import { ensureCurrent, openPublicMessage, readPublicMessage } from "./framing.js";
import { externalPubOf, type GroupInfoBundle, openGroupInfo, readGroupInfo, verifyGroupInfo } from "./group-info.js";
import { ensure, MlsError, parse } from "./mls-error.js";
import { memberIndex, openProposal } from "./proposals.js";
import type { PublicState } from "./public-state.js";
import { viewCommit, viewProposal, viewState } from "./room-view.js";
import { fromWire, toWire } from "./tree/nodes.js";
import { groupContext } from "./wire/group-context.js";
import { ratchetTree } from "./wire/ratchet-tree.js";

const STATE_VERSION = 1;

/** What a hub keeps of a group: no secret is in it. Plain data that is never changed. */
export interface PublicGroup extends PublicState {
  readonly groupId: Uint8Array;
  readonly epoch: bigint;
}

/** A handshake message, checked by the hub and not yet kept. */
export type StagedPublic =
  | { readonly kind: "commit"; readonly view: CommitView; readonly next: PublicGroup; readonly externalPub: Uint8Array }
  | { readonly kind: "proposal"; readonly proposal: ProposalView; readonly reference: Uint8Array };

/** The public group that a GroupInfo and its tree show, after all checks of a joiner. Throws MlsError. */
export async function openPublicGroup(crypto: Crypto, bundle: GroupInfoBundle): Promise<PublicGroup> {
  return toPublicGroup((await openGroupInfo(crypto, bundle)).state);
}

/** The group as policy sees it. */
export function viewPublicGroup(group: PublicGroup): GroupView {
  return viewState(group);
}

/**
 * Checks a proposal or a commit as far as one outside of the group can: not the membership and confirmation tags, nor
 * whether `external_pub` and the path's ciphertexts are right. A commit comes with the GroupInfo and tree of the epoch
 * that it begins: `bundle`. Throws MlsError; the group is then what it was.
 */
export async function stagePublic(
  crypto: Crypto,
  group: PublicGroup,
  message: Uint8Array,
  pending: readonly Uint8Array[],
  bundle?: GroupInfoBundle,
): Promise<StagedPublic> {
  const publicMessage = readPublicMessage(message);
  ensureCurrent(group.context, publicMessage.content);
  if (publicMessage.content.content.kind === "proposal") {
    const received = await openProposal(crypto, group, publicMessage, undefined);
    return { kind: "proposal", proposal: viewProposal(group.nodes, received), reference: received.reference };
  }
  const authenticated = await openPublicMessage(crypto, group, publicMessage, undefined);
  const commit = await evaluateCommit(crypto, group, authenticated, pending, undefined);
  const { after, sender } = commit;
  if (bundle === undefined) throw new MlsError("invalidGroupInfo", "a commit without the GroupInfo of its epoch");
  const externalPub = await ensureMatches(crypto, after, commit.committer ?? memberIndex(sender), bundle);
  return { kind: "commit", view: viewCommit(commit), next: toPublicGroup(after), externalPub };
}

/** Checks that a GroupInfo is the committer's, of exactly this state, and can be joined by: its `external_pub`. Throws MlsError. */
async function ensureMatches(
  crypto: Crypto,
  next: PublicState,
  committer: number,
  bundle: GroupInfoBundle,
): Promise<Uint8Array> {
  const info = readGroupInfo(bundle.groupInfo);
  const sameContext = equalBytes(encode(groupContext, info.groupContext), encode(groupContext, next.context));
  ensure(sameContext, "invalidGroupInfo", "a GroupInfo of another epoch than its commit begins");
  const sameTag = equalBytes(info.confirmationTag, next.confirmationTag);
  ensure(sameTag && info.signer === committer, "invalidGroupInfo", "a GroupInfo of another commit");
  await verifyGroupInfo(crypto, info, next);
  const published = externalPubOf(info);
  const sameTree = equalBytes(bundle.ratchetTree, encode(ratchetTree, toWire(next.nodes)));
  ensure(sameTree, "badTree", "a tree that is not the one that the commit makes");
  return published;
}

const storedGroup = struct({ version: uint8, context: groupContext, nodes: ratchetTree, confirmationTag: opaque });

/** The public group as octets, to be stored. The first octet is the version of this format. */
export function encodePublicGroup({ context, nodes, confirmationTag }: PublicGroup): Uint8Array<ArrayBuffer> {
  return encode(storedGroup, { version: STATE_VERSION, context, nodes: toWire(nodes), confirmationTag });
}

/** The public group that {@link encodePublicGroup} made octets of. Throws MlsError "malformed", "unsupported". */
export function decodePublicGroup(bytes: Uint8Array): PublicGroup {
  ensure(bytes[0] === STATE_VERSION, "unsupported", `a stored public group of version ${bytes[0]}`);
  const { context, nodes, confirmationTag } = parse(storedGroup, bytes);
  return toPublicGroup({ context, nodes: fromWire(nodes), confirmationTag });
}

function toPublicGroup({ context, nodes, confirmationTag }: PublicState): PublicGroup {
  return { context, nodes, confirmationTag, groupId: context.groupId, epoch: context.epoch };
}
