import { utf8 } from "../codec/bytes.js";
import type { GroupView } from "../codec/group-view.js";
import { applyProposals } from "./apply-proposals.js";
import { HASH_LENGTH } from "./cipher-suite.js";
import { type StagedOwnCommit, withView } from "./commit.js";
import type { Crypto } from "./crypto.js";
import { forget } from "./forget.js";
import { readPublicMessage } from "./framing.js";
import { type GroupInfoBundle, openGroupInfo } from "./group-info.js";
import { deriveKeyPair, receiveExport, sendExport } from "./hpke.js";
import type { LeafIdentity } from "./leaf-identity.js";
import { finishCommit, type OwnCommit } from "./make-commit.js";
import { ensure } from "./mls-error.js";
import { memberIndex, openProposal, type ReceivedProposal, resolveProposals } from "./proposals.js";
import type { PreSharedKey } from "./psk.js";
import type { PublicState } from "./public-state.js";
import { leafContentOf } from "./room-authentication.js";
import { viewState } from "./room-view.js";
import { ensureCapable, type LeafContent } from "./tree/leaf.js";
import { addLeaf } from "./tree/nodes.js";

/** "context.export("MLS 1.0 external init secret", KDF.Nh)" (RFC 9420, 8.3) */
const EXPORT_LABEL = utf8("MLS 1.0 external init secret");
const NOTHING = new Uint8Array(0);

/** What a GroupInfo and its tree show, checked as for joining: so that policy can look before one joins. Throws MlsError. */
export async function inspectGroupInfo(crypto: Crypto, bundle: GroupInfoBundle): Promise<GroupView> {
  return viewState((await openGroupInfo(crypto, bundle)).state);
}

/**
 * Joins a group by an external commit (RFC 9420, 12.4.3.2). The pending SelfRemoves go along by reference: "external
 * committers … include all pending SelfRemoves" (mls-extensions); other pending proposals a joiner cannot commit.
 * Throws MlsError, also for whatever is wrong with GroupInfo or tree.
 */
export async function stageExternalCommit(crypto: Crypto, parts: RoomJoin): Promise<StagedOwnCommit> {
  const { identity, removeOwn, ...rest } = parts;
  return withView(
    await makeExternalCommit(crypto, { ...rest, leaf: leafContentOf(identity), removes: removeOwn ?? [] }),
  );
}

/** What one who joins a room by an external commit brings. */
export type RoomJoin = Omit<ExternalJoin, "leaf" | "removes"> & {
  readonly identity: LeafIdentity;
  /** Leaf index of this user's own old client that the joiner replaces; RFC 9420 allows one. */
  readonly removeOwn?: readonly number[];
};

/** What one who joins by an external commit brings. */
export interface ExternalJoin extends GroupInfoBundle {
  /** Proposal messages of the epoch. */
  readonly pendingProposals: readonly Uint8Array[];
  readonly leaf: LeafContent;
  /** Leaf indices that the joiner takes out. */
  readonly removes: readonly number[];
  readonly psks?: readonly PreSharedKey[];
  readonly authenticatedData?: Uint8Array;
}

/** An external commit (RFC 9420, 12.4.3.2); each of `psks` goes in by a PreSharedKey proposal. Throws MlsError. */
export async function makeExternalCommit(crypto: Crypto, parts: ExternalJoin): Promise<OwnCommit> {
  const { leaf, psks = [] } = parts;
  const { state, externalPub } = await openGroupInfo(crypto, parts);
  const { kemOutput, secret } = await sendExport(externalPub, EXPORT_LABEL, HASH_LENGTH);
  const sender = { kind: "newMemberCommit" } as const;

  const leaving = await selfRemoves(crypto, state, parts.pendingProposals);
  const removes = parts.removes.filter((leafIndex) => !leaving.has(leafIndex));
  const inline = [
    ...removes.map((removed) => ({ kind: "remove", removed }) as const),
    ...psks.map(({ id }) => ({ kind: "psk", psk: id }) as const),
    { kind: "externalInit", kemOutput } as const,
  ].map((proposal) => ({ kind: "proposal", proposal }) as const);
  const list = [...leaving.values(), ...(await resolveProposals(crypto, state, sender, inline, [], undefined))];
  const applied = applyProposals(state, sender, list);

  // the path fills in what is empty here
  const source = { kind: "commit", parentHash: NOTHING } as const;
  const joined = { ...leaf, encryptionKey: NOTHING, source };
  ensureCapable(joined, applied.extensions);
  const { nodes, leafIndex } = addLeaf(applied.nodes, { ...joined, signature: NOTHING });
  const made = await finishCommit(crypto, state, {
    sender,
    list,
    applied,
    nodes,
    leafIndex,
    leaf,
    initSecret: secret,
    membershipKey: undefined,
    privateKeys: new Map(),
    psks,
    before: undefined,
    authenticatedData: parts.authenticatedData ?? NOTHING,
    treeInWelcome: false,
  });
  forget(secret);
  return made;
}

/** The init secret that an external commit's KEM output holds for the members (RFC 9420, 8.3). Throws MlsError "cannotDecrypt". */
export async function externalInitSecret(externalSecret: Uint8Array, kemOutput: Uint8Array): Promise<Uint8Array> {
  const { privateKey } = await deriveKeyPair(externalSecret);
  const initSecret = await receiveExport(privateKey, kemOutput, EXPORT_LABEL, HASH_LENGTH);
  forget(privateKey);
  return initSecret;
}

/** The pending SelfRemoves, the first of each leaf. */
async function selfRemoves(
  crypto: Crypto,
  state: PublicState,
  pending: readonly Uint8Array[],
): Promise<ReadonlyMap<number, ReceivedProposal>> {
  const leaving = new Map<number, ReceivedProposal>();
  for (const bytes of pending) {
    const message = readPublicMessage(bytes);
    ensure(message.content.content.kind === "proposal", "invalidProposal", "a pending proposal that is none");
    if (message.content.content.proposal.kind !== "selfRemove") continue;
    const received = await openProposal(crypto, state, message, undefined);
    const leafIndex = memberIndex(received.sender);
    if (!leaving.has(leafIndex)) leaving.set(leafIndex, received);
  }
  return leaving;
}
