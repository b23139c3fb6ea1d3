import { concat, utf8 } from "../codec/bytes.js";
import type { GroupView } from "../codec/group-view.js";
import { EXTENSION } from "../codec/leaf-extensions.js";
import { encode, type Infer, opaque, struct, uint8, uint32, vector } from "../codec/tls.js";
import { CIPHER_SUITE, type Crypto } from "./crypto.js";
import { generateKeyPair } from "./hpke.js";
import { type Epoch, epochKeys, firstEpoch, makeConfirmationTag } from "./key-schedule.js";
import type { LeafIdentity } from "./leaf-identity.js";
import { attempt, ensure, MlsError, parse } from "./mls-error.js";
import { type PublicState, viewState } from "./public-state.js";
import { createSecretTree, secretTree } from "./secret-tree.js";
import { leafContentOf, signLeaf } from "./tree/leaf.js";
import { fromWire, leafAt, type Nodes, toWire, width } from "./tree/nodes.js";
import { treeHash } from "./tree/tree-hash.js";
import type { PrivateKeys } from "./tree/update-path.js";
import { DEFAULT_EXTENSION, externalSenderList, ROOM_CAPABILITIES, requiredCapabilities } from "./wire/extension.js";
import { type GroupContext, groupContext, MLS10 } from "./wire/group-context.js";
import { ratchetTree } from "./wire/ratchet-tree.js";

const STATE_VERSION = 1;
const MAX_TIME = 2n ** 64n - 1n;

/**
 * A member's state of a group in one epoch: plain data that is never changed. The signature key is not in it, only its
 * handle (in the own leaf). Pending proposals are the caller's.
 */
export interface Group extends PublicState {
  readonly groupId: Uint8Array;
  readonly epoch: bigint;
  readonly ownLeafIndex: number;
  readonly keys: Infer<typeof epochKeys>;
  readonly secretTree: Infer<typeof secretTree>;
  readonly privateKeys: PrivateKeys;
}

/** Somebody outside of the group who may propose: the hub's system user (RFC 9420, 12.1.8.1). */
export interface ExternalSender {
  readonly signatureKey: Uint8Array;
  readonly uri: string;
}

/** A group with one member (RFC 9420, 11), whose context is a room's: policy, required capabilities, external senders. */
export async function createGroup(
  crypto: Crypto,
  parts: {
    readonly groupId: Uint8Array;
    readonly identity: LeafIdentity;
    /** TLS-encoded RoomPolicy. */
    readonly roomPolicy: Uint8Array;
    readonly externalSenders: readonly ExternalSender[];
  },
): Promise<Group> {
  const { groupId, identity } = parts;
  const own = await generateKeyPair();
  const leaf = {
    ...leafContentOf(identity),
    encryptionKey: own.publicKey,
    // a member's commits replace it before a lifetime could say anything
    source: { kind: "keyPackage", notBefore: 0n, notAfter: MAX_TIME },
  } as const;
  const nodes: Nodes = [{ kind: "leaf", ...(await signLeaf(crypto, leaf, { groupId, leafIndex: 0 })) }];
  const senders = parts.externalSenders.map(({ signatureKey, uri }) => ({
    signatureKey,
    credential: { identity: utf8(uri) },
  }));
  const context = {
    version: MLS10,
    cipherSuite: CIPHER_SUITE,
    groupId,
    epoch: 0n,
    treeHash: await treeHash(crypto, nodes),
    confirmedTranscriptHash: new Uint8Array(0),
    extensions: [
      {
        extensionType: DEFAULT_EXTENSION.requiredCapabilities,
        extensionData: encode(requiredCapabilities, ROOM_CAPABILITIES),
      },
      { extensionType: DEFAULT_EXTENSION.externalSenders, extensionData: encode(externalSenderList, senders) },
      { extensionType: EXTENSION.roomPolicy, extensionData: parts.roomPolicy },
    ],
  };
  const epoch = await firstEpoch(crypto);
  const confirmationTag = await makeConfirmationTag(crypto, epoch.keys, context);
  return makeGroup({ context, nodes, confirmationTag }, 0, epoch, new Map([[0, own.privateKey]]));
}

/** The group of a new epoch. */
export function makeGroup(state: PublicState, ownLeafIndex: number, epoch: Epoch, privateKeys: PrivateKeys): Group {
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
  };
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

const storedPublicPart = struct({
  version: uint8,
  context: groupContext,
  nodes: ratchetTree,
  confirmationTag: opaque,
});

const storedOwnPart = struct({
  ownLeafIndex: uint32,
  keys: epochKeys,
  secretTree,
  privateKeys: vector(struct({ index: uint32, key: opaque })),
});

const storedGroup = struct({ public: storedPublicPart, own: storedOwnPart });

/** What was encoded of an epoch: a commit replaces its context, a message does not. */
const publicParts = new WeakMap<GroupContext, { readonly of: PublicState; readonly bytes: Uint8Array<ArrayBuffer> }>();

/** The group as octets, to be stored. The first octet is the version of this format. */
export function encodeGroup(group: Group): Uint8Array<ArrayBuffer> {
  const privateKeys = Array.from(group.privateKeys, ([index, key]) => ({ index, key }));
  return concat(publicPartOf(group), encode(storedOwnPart, { ...group, privateKeys }));
}

/**
 * How many of the octets of {@link encodeGroup} are what every member knows: they come first, a commit changes them, and a
 * message does not.
 */
export function publicLength(group: Group): number {
  return publicPartOf(group).length;
}

function publicPartOf({ context, nodes, confirmationTag }: PublicState): Uint8Array<ArrayBuffer> {
  const known = publicParts.get(context);
  if (known && known.of.nodes === nodes && known.of.confirmationTag === confirmationTag) return known.bytes;
  const bytes = encode(storedPublicPart, { version: STATE_VERSION, context, nodes: toWire(nodes), confirmationTag });
  publicParts.set(context, { of: { context, nodes, confirmationTag }, bytes });
  return bytes;
}

/** The group that {@link encodeGroup} made octets of. Throws MlsError "malformed", "unsupported". */
export function decodeGroup(bytes: Uint8Array): Group {
  ensure(bytes[0] === STATE_VERSION, "unsupported", `a stored group of version ${bytes[0]}`);
  const stored = parse(storedGroup, bytes);
  const { context, nodes, confirmationTag } = stored.public;
  return {
    ...stored.own,
    context,
    confirmationTag,
    groupId: context.groupId,
    epoch: context.epoch,
    nodes: attempt("malformed", () => fromWire(nodes)),
    privateKeys: new Map(stored.own.privateKeys.map(({ index, key }) => [index, key])),
  };
}
