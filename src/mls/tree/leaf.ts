import { utf8 } from "../../codec/bytes.js";
import type { Member } from "../../codec/group-view.js";
import { clientBinding, EXTENSION, nickname } from "../../codec/leaf-extensions.js";
import { encode } from "../../codec/tls.js";
import { CIPHER_SUITE, type Crypto } from "../crypto.js";
import { isX25519Key } from "../curve25519.js";
import { labelled } from "../labels.js";
import { type LeafIdentity, memberOf } from "../leaf-identity.js";
import { ensure, parse } from "../mls-error.js";
import { CREDENTIAL_BASIC } from "../wire/credential.js";
import {
  DEFAULT_EXTENSION,
  type Extension,
  extensionData,
  hasNoDuplicates,
  type RequiredCapabilities,
  ROOM_CAPABILITIES,
  requiredCapabilities,
} from "../wire/extension.js";
import { MLS10 } from "../wire/group-context.js";
import { type Capabilities, encodeLeafNodeTBS, type LeafNode, type UnsignedLeafNode } from "../wire/leaf-node.js";

const CAPABILITIES: Capabilities = {
  versions: [MLS10],
  cipherSuites: [CIPHER_SUITE],
  extensions: ROOM_CAPABILITIES.extensionTypes,
  proposals: ROOM_CAPABILITIES.proposalTypes,
  credentials: [CREDENTIAL_BASIC],
};

const DEFAULT_EXTENSIONS: ReadonlySet<number> = new Set(Object.values(DEFAULT_EXTENSION));

/** Where a leaf stands: what its signature covers unless it comes from a KeyPackage. */
export interface LeafPosition {
  readonly groupId: Uint8Array;
  readonly leafIndex: number;
}

/** What a leaf says of its client, whatever its keys and source. */
export type LeafContent = Omit<UnsignedLeafNode, "encryptionKey" | "source">;

/** What the leaf of that identity says. */
export function leafContentOf(identity: LeafIdentity): LeafContent {
  const binding = encode(clientBinding, { userKey: identity.userKey, signature: identity.bindingSignature });
  return {
    signatureKey: identity.signatureKey,
    credential: { identity: utf8(identity.clientUri) },
    capabilities: CAPABILITIES,
    extensions: [
      { extensionType: EXTENSION.clientBinding, extensionData: binding },
      { extensionType: EXTENSION.nickname, extensionData: encode(nickname, identity.nickname) },
    ],
  };
}

/** The leaf with a signature by the key that it names. */
export async function signLeaf(crypto: Crypto, leaf: UnsignedLeafNode, at: LeafPosition): Promise<LeafNode> {
  const tbs = encodeLeafNodeTBS(leaf, at);
  return { ...leaf, signature: await crypto.signature.sign(leaf.signatureKey, labelled("LeafNodeTBS", tbs)) };
}

/**
 * Checks a leaf by itself (RFC 9420, 7.3, and the room's identity rules) and resolves with its member. Throws MlsError
 * "badLeaf", "badBinding", "badSignature".
 */
export async function validateLeaf(
  crypto: Crypto,
  leaf: LeafNode,
  at: LeafPosition,
  groupExtensions: readonly Extension[],
): Promise<Member> {
  ensureCapable(leaf, groupExtensions);
  ensure(isX25519Key(leaf.encryptionKey), "badLeaf", "a leaf that nobody can encrypt to");
  const tbs = encodeLeafNodeTBS(leaf, at);
  const [signed, member] = await Promise.all([
    crypto.signature.verify(leaf.signatureKey, labelled("LeafNodeTBS", tbs), leaf.signature),
    memberOf(leaf, at.leafIndex),
  ]);
  ensure(signed, "badSignature", `leaf ${at.leafIndex} is not signed by its key`);
  return member;
}

/** Checks that a leaf supports its own extensions and all that the group uses and requires. Throws MlsError "badLeaf". */
export function ensureCapable(
  { capabilities, extensions }: UnsignedLeafNode,
  groupExtensions: readonly Extension[],
): void {
  const required = requiredOf(groupExtensions);
  const used = [...extensions, ...groupExtensions]
    .map(({ extensionType }) => extensionType)
    .filter((type) => !DEFAULT_EXTENSIONS.has(type));
  const capable =
    // "the LeafNode is compatible with the group's parameters"; "the extensions … are listed in capabilities.extensions"
    capabilities.versions.includes(MLS10) &&
    capabilities.cipherSuites.includes(CIPHER_SUITE) &&
    [...required.credentialTypes, CREDENTIAL_BASIC].every((type) => capabilities.credentials.includes(type)) &&
    required.proposalTypes.every((type) => capabilities.proposals.includes(type)) &&
    [...required.extensionTypes, ...used].every((type) => capabilities.extensions.includes(type));
  ensure(capable, "badLeaf", "a leaf that does not support what the group uses");
  ensure(hasNoDuplicates(extensions), "badLeaf", "a leaf with two extensions of one type");
}

/** What the GroupContext extensions require of every leaf. */
function requiredOf(groupExtensions: readonly Extension[]): RequiredCapabilities {
  const data = extensionData(groupExtensions, DEFAULT_EXTENSION.requiredCapabilities);
  return data === undefined
    ? { extensionTypes: [], proposalTypes: [], credentialTypes: [] }
    : parse(requiredCapabilities, data);
}

/** Whether GroupContext extensions are a room's: a policy, and required capabilities that hold at least the room's. */
export function isRoomContext(groupExtensions: readonly Extension[]): boolean {
  const required = requiredOf(groupExtensions);
  return (
    hasNoDuplicates(groupExtensions) &&
    extensionData(groupExtensions, EXTENSION.roomPolicy) !== undefined &&
    ROOM_CAPABILITIES.extensionTypes.every((type) => required.extensionTypes.includes(type)) &&
    ROOM_CAPABILITIES.proposalTypes.every((type) => required.proposalTypes.includes(type)) &&
    ROOM_CAPABILITIES.credentialTypes.every((type) => required.credentialTypes.includes(type))
  );
}
