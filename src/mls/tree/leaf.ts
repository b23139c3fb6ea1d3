import { ensureWithin } from "../bounds.js";
import { CIPHER_SUITE } from "../cipher-suite.js";
import type { Crypto } from "../crypto.js";
import { isX25519Key } from "../curve25519.js";
import { labelled } from "../labels.js";
import { ensure, parse } from "../mls-error.js";
import { CREDENTIAL_BASIC } from "../wire/credential.js";
import {
  DEFAULT_EXTENSION,
  type Extension,
  extensionData,
  hasNoDuplicates,
  type RequiredCapabilities,
  requiredCapabilities,
} from "../wire/extension.js";
import { MLS10 } from "../wire/group-context.js";
import { encodeLeafNodeTBS, type LeafNode, type UnsignedLeafNode } from "../wire/leaf-node.js";

/** Proposal types 1 to 7 "MUST NOT be listed" (RFC 9420, 7.2), and everybody supports them. */
const LAST_DEFAULT_PROPOSAL = 7;
const DEFAULT_EXTENSIONS: ReadonlySet<number> = new Set(Object.values(DEFAULT_EXTENSION));

/** Where a leaf stands: what its signature covers unless it comes from a KeyPackage. */
export interface LeafPosition {
  readonly groupId: Uint8Array;
  readonly leafIndex: number;
}

/** What a leaf says of its client, whatever its keys and source. */
export type LeafContent = Omit<UnsignedLeafNode, "encryptionKey" | "source">;

/** The leaf with a signature by the key that it names. */
export async function signLeaf(crypto: Crypto, leaf: UnsignedLeafNode, at: LeafPosition): Promise<LeafNode> {
  const tbs = encodeLeafNodeTBS(leaf, at);
  return { ...leaf, signature: await crypto.signature.sign(leaf.signatureKey, labelled("LeafNodeTBS", tbs)) };
}

/** Checks a leaf by itself (RFC 9420, 7.3), its credential too. Throws MlsError "badLeaf", "badBinding", "badSignature". */
export async function validateLeaf(
  crypto: Crypto,
  leaf: LeafNode,
  at: LeafPosition,
  groupExtensions: readonly Extension[],
): Promise<void> {
  const tbs = encodeLeafNodeTBS(leaf, at);
  ensureWithin("leafOctets", tbs.length);
  ensureCapable(leaf, groupExtensions);
  ensure(isX25519Key(leaf.encryptionKey), "badLeaf", "a leaf that nobody can encrypt to");
  const [signed] = await Promise.all([
    crypto.signature.verify(leaf.signatureKey, labelled("LeafNodeTBS", tbs), leaf.signature),
    crypto.authentication.validate(leaf),
  ]);
  ensure(signed, "badSignature", `leaf ${at.leafIndex} is not signed by its key`);
}

/** Checks that a leaf supports its own extensions and all that the group uses and requires. Throws MlsError "badLeaf". */
export function ensureCapable(
  { capabilities, extensions }: UnsignedLeafNode,
  groupExtensions: readonly Extension[],
): void {
  const asked = askedOf(groupExtensions);
  const capable =
    // "the LeafNode is compatible with the group's parameters"; "the extensions … are listed in capabilities.extensions"
    capabilities.versions.includes(MLS10) &&
    capabilities.cipherSuites.includes(CIPHER_SUITE) &&
    hasAll(capabilities.credentials, asked.credentials) &&
    hasAll(capabilities.proposals, asked.proposals) &&
    hasAll(capabilities.extensions, asked.extensions) &&
    hasAll(capabilities.extensions, typesOf(extensions));
  ensure(capable, "badLeaf", "a leaf that does not support what the group uses");
  ensure(hasNoDuplicates(extensions), "badLeaf", "a leaf with two extensions of one type");
}

/** What GroupContext extensions ask of a leaf, each type once: as many leaves are asked as a group has. */
interface Asked {
  readonly credentials: ReadonlySet<number>;
  readonly proposals: ReadonlySet<number>;
  readonly extensions: ReadonlySet<number>;
}

const known = new WeakMap<readonly Extension[], Asked>();

function askedOf(groupExtensions: readonly Extension[]): Asked {
  const before = known.get(groupExtensions);
  if (before !== undefined) return before;
  const { credentialTypes, proposalTypes, extensionTypes } = requiredOf(groupExtensions);
  const asked = {
    credentials: new Set([...credentialTypes, CREDENTIAL_BASIC]),
    proposals: new Set(proposalTypes.filter((type) => type > LAST_DEFAULT_PROPOSAL)),
    extensions: new Set([...extensionTypes.filter(isAsked), ...typesOf(groupExtensions)]),
  };
  known.set(groupExtensions, asked);
  return asked;
}

/** The types of extensions that nobody supports without saying so (RFC 9420, 7.2). */
function typesOf(list: readonly Extension[]): ReadonlySet<number> {
  return new Set(list.map(({ extensionType }) => extensionType).filter(isAsked));
}

function isAsked(extensionType: number): boolean {
  return !DEFAULT_EXTENSIONS.has(extensionType);
}

function hasAll(supported: readonly number[], asked: ReadonlySet<number>): boolean {
  const has = new Set(supported);
  for (const type of asked) if (!has.has(type)) return false;
  return true;
}

/** What the GroupContext extensions require of every leaf. */
export function requiredOf(groupExtensions: readonly Extension[]): RequiredCapabilities {
  const data = extensionData(groupExtensions, DEFAULT_EXTENSION.requiredCapabilities);
  return data === undefined
    ? { extensionTypes: [], proposalTypes: [], credentialTypes: [] }
    : parse(requiredCapabilities, data);
}
