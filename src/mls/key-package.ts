import { equalBytes } from "../codec/bytes.js";
import type { Member } from "../codec/group-view.js";
import { encode } from "../codec/tls.js";
import { CIPHER_SUITE } from "./cipher-suite.js";
import type { Crypto } from "./crypto.js";
import { isX25519Key } from "./curve25519.js";
import { generateKeyPair } from "./hpke.js";
import { labelled, refHash } from "./labels.js";
import { type LeafIdentity, readMember } from "./leaf-identity.js";
import { ensure, parse } from "./mls-error.js";
import { leafContentOf } from "./room-authentication.js";
import { type LeafContent, signLeaf, validateLeaf } from "./tree/leaf.js";
import {
  DEFAULT_EXTENSION,
  type Extension,
  extensionData,
  hasNoDuplicates,
  LAST_RESORT,
  ROOM_CAPABILITIES,
  requiredCapabilities,
} from "./wire/extension.js";
import { MLS10 } from "./wire/group-context.js";
import { encodeKeyPackageTBS, type KeyPackage, keyPackage } from "./wire/key-package.js";
import type { LeafNode } from "./wire/leaf-node.js";
import { mlsMessage } from "./wire/message.js";

const LABEL = "KeyPackageTBS";
/** A KeyPackage's leaf stands in no tree yet, and its signature says so. */
const NOWHERE = { groupId: new Uint8Array(0), leafIndex: 0 };
/** What the leaf has to support: a KeyPackage is for rooms. */
const ROOM_EXTENSIONS = [
  {
    extensionType: DEFAULT_EXTENSION.requiredCapabilities,
    extensionData: encode(requiredCapabilities, ROOM_CAPABILITIES),
  },
];

const HOUR = 3_600_000;
/** How long a KeyPackage is good, in milliseconds. */
export const KEY_PACKAGE_LIFETIME = 90 * 24 * HOUR;
/** So much earlier it is good already: clocks differ. */
const LEEWAY = HOUR;

/** When a KeyPackage is good, in milliseconds since 1970; on the wire in whole seconds. */
export interface Lifetime {
  readonly notBefore: number;
  readonly notAfter: number;
}

/** A KeyPackage of one's own. Whoever publishes it keeps the private parts first. */
export interface OwnKeyPackage {
  /** An MLSMessage. */
  readonly message: Uint8Array;
  /** KeyPackageRef (RFC 9420, 5.2). */
  readonly reference: Uint8Array;
  /** HPKE private keys, 32 octets each: of `init_key`, and of the leaf's `encryption_key`. */
  readonly privateParts: { readonly initKey: Uint8Array; readonly leafKey: Uint8Array };
}

/** What a KeyPackage says, checked. */
export interface KeyPackageView {
  readonly reference: Uint8Array;
  readonly lifetime: Lifetime;
  /** "Clients … MUST NOT use a KeyPackage more than once, except a last resort KeyPackage" (RFC 9420, 16.8). */
  readonly lastResort: boolean;
  readonly client: Omit<Member, "leafIndex">;
}

/** The lifetime of a KeyPackage that is made at `now`, milliseconds since 1970. */
export function lifetimeAt(now: number): Lifetime {
  return { notBefore: now - LEEWAY, notAfter: now + KEY_PACKAGE_LIFETIME };
}

/** A KeyPackage (RFC 9420, 10) of that client of rooms, under fresh keys. */
export function makeKeyPackage(
  crypto: Crypto,
  { identity, ...rest }: { readonly identity: LeafIdentity; readonly lifetime: Lifetime; readonly lastResort: boolean },
): Promise<OwnKeyPackage> {
  return signKeyPackage(crypto, { leaf: leafContentOf(identity), ...rest });
}

/** A KeyPackage (RFC 9420, 10) of whoever that leaf is, under fresh keys. */
export async function signKeyPackage(
  crypto: Crypto,
  parts: { readonly leaf: LeafContent; readonly lifetime: Lifetime; readonly lastResort: boolean },
): Promise<OwnKeyPackage> {
  const [init, leaf] = await Promise.all([generateKeyPair(), generateKeyPair()]);
  const { notBefore, notAfter } = parts.lifetime;
  const content = {
    ...parts.leaf,
    encryptionKey: leaf.publicKey,
    source: { kind: "keyPackage", notBefore: toSeconds(notBefore), notAfter: toSeconds(notAfter) },
  } as const;
  const unsigned = {
    version: MLS10,
    cipherSuite: CIPHER_SUITE,
    initKey: init.publicKey,
    leafNode: await signLeaf(crypto, content, NOWHERE),
    extensions: parts.lastResort ? [{ extensionType: LAST_RESORT, extensionData: new Uint8Array(0) }] : [],
  };
  const tbs = encodeKeyPackageTBS(unsigned);
  const signature = await crypto.signature.sign(parts.leaf.signatureKey, labelled(LABEL, tbs));
  const made = { ...unsigned, signature };
  return {
    message: encode(mlsMessage, { kind: "keyPackage", keyPackage: made }),
    reference: await keyPackageReference(crypto, made),
    privateParts: { initKey: init.privateKey, leafKey: leaf.privateKey },
  };
}

/**
 * Checks an MLSMessage(KeyPackage) for whoever publishes it or adds its client to a room at `now`, milliseconds since 1970
 * (RFC 9420, 10.1 and 7.3). Throws MlsError: "malformed"; "unsupported" for another version or cipher suite; "badLeaf",
 * "badBinding", "badSignature"; "badLifetime"; "invalidKeyPackage".
 */
export async function readKeyPackage(crypto: Crypto, message: Uint8Array, now: number): Promise<KeyPackageView> {
  const received = parseKeyPackage(message);
  const { leafNode, extensions } = received;
  const lifetime = readLifetime(leafNode, now);
  await checkKeyPackage(crypto, received, ROOM_EXTENSIONS);
  const { leafIndex: _, ...client } = readMember(leafNode, 0);
  const lastResort = extensionData(extensions, LAST_RESORT) !== undefined;
  return { reference: await keyPackageReference(crypto, received), lifetime, lastResort, client };
}

/** The KeyPackage in an MLSMessage. Throws MlsError "malformed", "invalidKeyPackage". */
export function parseKeyPackage(message: Uint8Array): KeyPackage {
  const parsed = parse(mlsMessage, message);
  ensure(parsed.kind === "keyPackage", "invalidKeyPackage", `a ${parsed.kind} where a KeyPackage is expected`);
  return parsed.keyPackage;
}

/**
 * Checks a KeyPackage against what its group uses (RFC 9420, 10.1), its lifetime not: whoever adds looks at the clock, and all
 * others decide alike without one. Throws MlsError as {@link readKeyPackage} does.
 */
export async function checkKeyPackage(
  crypto: Crypto,
  received: KeyPackage,
  groupExtensions: readonly Extension[],
): Promise<void> {
  const { version, cipherSuite, initKey, leafNode, extensions } = received;
  // "Verify that the cipher suite and protocol version of the KeyPackage match those in the GroupContext."
  ensure(version === MLS10 && cipherSuite === CIPHER_SUITE, "unsupported", `cipher suite ${cipherSuite}`);
  // "Verify that the leaf_node of the KeyPackage is valid for a KeyPackage according to Section 7.3."
  const { source } = leafNode;
  ensure(source.kind === "keyPackage", "badLeaf", `a KeyPackage with a leaf of source ${source.kind}`);
  await validateLeaf(crypto, leafNode, NOWHERE, groupExtensions);
  // "Verify that the signature on the KeyPackage is valid using the public key in leaf_node.credential."
  ensure(await isSigned(crypto, received), "badSignature", "a KeyPackage that is not signed by its leaf's key");
  // "Verify that the value of leaf_node.encryption_key is different from the value of the init_key field."
  const different = !equalBytes(initKey, leafNode.encryptionKey);
  ensure(different, "invalidKeyPackage", "a KeyPackage whose init_key is its encryption_key");
  ensure(isX25519Key(initKey), "invalidKeyPackage", "an init_key that nobody can encrypt to");
  ensure(hasNoDuplicates(extensions), "invalidKeyPackage", "a KeyPackage with two extensions of one type");
  const mark = extensionData(extensions, LAST_RESORT);
  ensure(mark === undefined || mark.length === 0, "invalidKeyPackage", "last_resort_key_package is an empty struct");
}

/** MakeKeyPackageRef (RFC 9420, 5.2). */
export function keyPackageReference(crypto: Crypto, referred: KeyPackage): Promise<Uint8Array> {
  return refHash("MLS 1.0 KeyPackage Reference", encode(keyPackage, referred), crypto.hash);
}

/** Whether the key of its leaf signed a KeyPackage. */
export function isSigned(crypto: Crypto, signed: KeyPackage): Promise<boolean> {
  const { signatureKey } = signed.leafNode;
  return crypto.signature.verify(signatureKey, labelled(LABEL, encodeKeyPackageTBS(signed)), signed.signature);
}

/**
 * "Verify that the current time is within the range"; "applications MUST define a maximum total lifetime that is acceptable
 * for a LeafNode, and reject any LeafNode where the total lifetime is longer" (RFC 9420, 7.3 and 7.2).
 */
function readLifetime({ source }: LeafNode, now: number): Lifetime {
  ensure(source.kind === "keyPackage", "badLeaf", `a KeyPackage with a leaf of source ${source.kind}`);
  const total = source.notAfter - source.notBefore;
  const short = total >= 0n && total <= toSeconds(KEY_PACKAGE_LIFETIME + LEEWAY);
  ensure(short, "badLifetime", "a KeyPackage that is to be good for too long");
  const current = source.notBefore <= toSeconds(now) && toSeconds(now) <= source.notAfter;
  ensure(current, "badLifetime", "a KeyPackage that is not good yet, or not any more");
  return { notBefore: Number(source.notBefore) * 1000, notAfter: Number(source.notAfter) * 1000 };
}

function toSeconds(milliseconds: number): bigint {
  return BigInt(Math.floor(milliseconds / 1000));
}
