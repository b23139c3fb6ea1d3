import { toHex } from "../codec/bytes.js";

/**
 * Which octets are a key or a signature here, whatever the engine's WebCrypto thinks of them. Engines differ: one accepts
 * under a key of small order a signature that fits every message, another refuses it, and a group of both would part
 * ("All decide alike"). "If the point R, encoded in the first half of signature, represents an invalid point or a
 * small-order element … return false" (Web Cryptography API, Ed25519); "not all implementations perform this check".
 */

const LENGTH = 32;
/** 2^255 - 19 and the order of the base point (RFC 7748, 4.1), as {@link number} gives numbers. */
const PRIME = `7${"f".repeat(61)}ed`;
const ORDER = `1${"0".repeat(31)}14def9dea2f79cd65812631a5cf5d3ed`;
const ALWAYS_SMALL = ["0".repeat(64), `${"0".repeat(63)}1`, `7${"f".repeat(61)}ec`];
/** The y of points of small order on edwards25519, and their u on curve25519: orders 1, 2 and 4 first, then 8. */
const SMALL_Y = new Set([
  ...ALWAYS_SMALL,
  "05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826",
  "7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7",
]);
const SMALL_U = new Set([
  ...ALWAYS_SMALL,
  "00b8495f16056286fdb1329ceb8d09da6ac49ff1fae35616aeb8413b7c7aebe0",
  "57119fd0dd4e22d8868e1c58c45c44045bef839c55b1d0b1248c50a3bc959c5f",
]);

/** Whether the octets may be an Ed25519 public key: canonical, and not of small order. Whether a point has that y is not asked. */
export function isEd25519Key(octets: Uint8Array): boolean {
  // the top bit is the sign of x
  return octets.length === LENGTH && isGood(number(octets.with(LENGTH - 1, (octets[LENGTH - 1] ?? 0) & 0x7f)), SMALL_Y);
}

/** Whether the octets may be an Ed25519 signature: R as a key, and S below the order (RFC 8032, 5.1.7). */
export function isEd25519Signature(octets: Uint8Array): boolean {
  return (
    octets.length === 2 * LENGTH && isEd25519Key(octets.subarray(0, LENGTH)) && number(octets.subarray(LENGTH)) < ORDER
  );
}

/**
 * Whether the octets may be an X25519 public key: canonical, and not of small order. Nobody can encrypt to another (RFC
 * 9180, 7.1.4): a leaf with one would stop everybody's commits.
 */
export function isX25519Key(octets: Uint8Array): boolean {
  return octets.length === LENGTH && isGood(number(octets), SMALL_U);
}

function isGood(coordinate: string, small: ReadonlySet<string>): boolean {
  return coordinate < PRIME && !small.has(coordinate);
}

/** The number that octets are in little-endian order: 64 hexadecimal digits, which compare as the numbers do. */
function number(octets: Uint8Array): string {
  return toHex(octets.toReversed());
}
