import { utf8 } from "../codec/bytes.js";
import type { GroupView } from "../codec/group-view.js";
import { EXTENSION } from "../codec/leaf-extensions.js";
import { encode } from "../codec/tls.js";
import { CIPHER_SUITE } from "./cipher-suite.js";
import type { Crypto } from "./crypto.js";
import { type FormerEpochs, keepFormer, NO_FORMER_EPOCHS, type ReadableEpoch } from "./former-epochs.js";
import { generateKeyPair, type HpkeKeyPair } from "./hpke.js";
import { type Epoch, type EpochKeys, firstEpoch, makeConfirmationTag } from "./key-schedule.js";
import type { LeafIdentity } from "./leaf-identity.js";
import { MlsError } from "./mls-error.js";
import { type PreSharedKey, resumptionPskId } from "./psk.js";
import type { PublicState } from "./public-state.js";
import { leafContentOf } from "./room-authentication.js";
import { viewState } from "./room-view.js";
import { createSecretTree, type SecretTree } from "./secret-tree.js";
import { ensureCapable, type LeafContent, signLeaf } from "./tree/leaf.js";
import { leafAt, type Nodes, width } from "./tree/nodes.js";
import { treeHash } from "./tree/tree-hash.js";
import type { PrivateKeys } from "./tree/update-path.js";
import {
  DEFAULT_EXTENSION,
  type Extension,
  externalSenderList,
  ROOM_CAPABILITIES,
  requiredCapabilities,
} from "./wire/extension.js";
import { MLS10 } from "./wire/group-context.js";
import type { ReInit } from "./wire/proposal.js";

/** How many former epochs' resumption PSKs are kept: who proposes one may have been away for a while. */
const MOST_RESUMPTIONS = 8;
const MAX_TIME = 2n ** 64n - 1n;

/**
 * A member's state of a group in one epoch: plain data that is never changed. The signature key is not in it, only its
 * handle (in the own leaf). Pending proposals are the caller's.
 */
export interface Group extends PublicState, FormerEpochs {
  readonly groupId: Uint8Array;
  readonly epoch: bigint;
  readonly ownLeafIndex: number;
  readonly keys: EpochKeys;
  readonly secretTree: SecretTree;
  readonly privateKeys: PrivateKeys;
  /** Of the Updates that this member proposed in this epoch: the key pair of each new leaf. */
  readonly updateKeys: readonly HpkeKeyPair[];
  /** The resumption PSKs of former epochs (RFC 9420, 8.6), latest last. */
  readonly resumptions: readonly { readonly epoch: bigint; readonly secret: Uint8Array }[];
  /** With what the group begins anew, once a ReInit is committed: nothing more is said or committed in it then (12.1.5). */
  readonly reInit: ReInit | undefined;
}

/** Somebody outside of the group who may propose: the hub's system user (RFC 9420, 12.1.8.1). */
export interface ExternalSender {
  readonly signatureKey: Uint8Array;
  readonly uri: string;
}

/** A group with one member (RFC 9420, 11), whose context is a room's: policy, required capabilities, external senders. */
export function createGroup(
  crypto: Crypto,
  parts: {
    readonly groupId: Uint8Array;
    readonly identity: LeafIdentity;
    /** TLS-encoded RoomPolicy. */
    readonly roomPolicy: Uint8Array;
    readonly externalSenders: readonly ExternalSender[];
  },
): Promise<Group> {
  const senders = parts.externalSenders.map(({ signatureKey, uri }) => ({
    signatureKey,
    credential: { identity: utf8(uri) },
  }));
  return foundGroup(crypto, {
    groupId: parts.groupId,
    leaf: leafContentOf(parts.identity),
    extensions: [
      {
        extensionType: DEFAULT_EXTENSION.requiredCapabilities,
        extensionData: encode(requiredCapabilities, ROOM_CAPABILITIES),
      },
      { extensionType: DEFAULT_EXTENSION.externalSenders, extensionData: encode(externalSenderList, senders) },
      { extensionType: EXTENSION.roomPolicy, extensionData: parts.roomPolicy },
    ],
  });
}

/** A group with one member (RFC 9420, 11). Throws MlsError "badLeaf" for a member that does not support the extensions. */
export async function foundGroup(
  crypto: Crypto,
  parts: { readonly groupId: Uint8Array; readonly leaf: LeafContent; readonly extensions: readonly Extension[] },
): Promise<Group> {
  const { groupId, extensions } = parts;
  const own = await generateKeyPair();
  const leaf = {
    ...parts.leaf,
    encryptionKey: own.publicKey,
    // a member's commits replace it before a lifetime could say anything
    source: { kind: "keyPackage", notBefore: 0n, notAfter: MAX_TIME },
  } as const;
  ensureCapable(leaf, extensions);
  const nodes: Nodes = [{ kind: "leaf", ...(await signLeaf(crypto, leaf, { groupId, leafIndex: 0 })) }];
  const context = {
    version: MLS10,
    cipherSuite: CIPHER_SUITE,
    groupId,
    epoch: 0n,
    treeHash: await treeHash(crypto, nodes),
    confirmedTranscriptHash: new Uint8Array(0),
    extensions,
  };
  const epoch = await firstEpoch(crypto);
  const confirmationTag = await makeConfirmationTag(crypto, epoch.keys, context);
  return makeGroup({ context, nodes, confirmationTag }, 0, epoch, new Map([[0, own.privateKey]]));
}

/** The group of a new epoch; `before` is that of the epoch before it, of one who was in it. */
export function makeGroup(
  state: PublicState,
  ownLeafIndex: number,
  epoch: Epoch,
  privateKeys: PrivateKeys,
  before?: Group,
  reInit?: ReInit,
): Group {
  const { context, nodes, confirmationTag } = state;
  return {
    context,
    nodes,
    confirmationTag,
    groupId: context.groupId,
    epoch: context.epoch,
    ownLeafIndex,
    keys: epoch.keys,
    secretTree: createSecretTree(width(nodes), epoch.encryptionSecret),
    privateKeys,
    updateKeys: [],
    resumptions: before === undefined ? [] : [...before.resumptions, resumptionOf(before)].slice(-MOST_RESUMPTIONS),
    reInit,
    ...(before === undefined ? NO_FORMER_EPOCHS : keepFormer(before.retains, before.former, readableEpoch(before))),
  };
}

/** What a message of the group's own epoch is opened with. */
export function readableEpoch({ context, nodes, keys, secretTree }: Group): ReadableEpoch {
  return { context, nodes, senderDataSecret: keys.senderDataSecret, secretTree };
}

function resumptionOf({ epoch, keys }: Group) {
  return { epoch, secret: keys.resumptionPsk };
}

/** The resumption PSKs that this member has of the group: of its epoch and of former ones (RFC 9420, 8.6). */
export function resumptionPsks(group: Group): readonly PreSharedKey[] {
  const { groupId } = group;
  return [...group.resumptions, resumptionOf(group)].flatMap(({ epoch, secret }) =>
    (["application", "reInit", "branch"] as const).map((usage) => ({
      id: resumptionPskId(usage, { groupId, epoch }),
      secret,
    })),
  );
}

/** The group as policy sees it. */
export function viewGroup(group: Group): GroupView {
  return viewState(group);
}

/** "shared among all the members … to confirm that they have the same view of the group" (RFC 9420, 8.7). */
export function epochAuthenticator(group: Group): Uint8Array {
  return group.keys.epochAuthenticator;
}

/** The handle of the signature key with which this member signs. */
export function signatureHandle({ nodes, ownLeafIndex }: Group): Uint8Array {
  const leaf = leafAt(nodes, ownLeafIndex);
  if (leaf === undefined) throw new MlsError("badTree", "a group without its member's leaf");
  return leaf.signatureKey;
}
