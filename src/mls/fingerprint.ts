import { sha256 } from "@noble/hashes/sha2.js";
import { toHex, utf8 } from "../codec/bytes.js";

const GROUPS = 6;
const OCTETS_PER_GROUP = 5;
const DIGITS_PER_GROUP = 5;
const LABEL = utf8("mimi-room fingerprint");

/**
 * An epoch authenticator (RFC 9420, 8.7), which is for comparing, as people read it to each other: six groups of five digits, each
 * five octets of a hash modulo 100,000. That is how Signal makes each half of a safety number, but for its 5,200 hashes, whose
 * aim is to slow a search for keys: an epoch's secret is nobody's to choose alone.
 */
export function fingerprintOf(epochAuthenticator: Uint8Array): string {
  const hash = sha256.create().update(LABEL).update(epochAuthenticator).digest();
  return Array.from({ length: GROUPS }, (_, n) => {
    const octets = hash.subarray(n * OCTETS_PER_GROUP, (n + 1) * OCTETS_PER_GROUP);
    const value = octets.reduce((sum, octet) => sum * 256 + octet, 0);
    return String(value % 10 ** DIGITS_PER_GROUP).padStart(DIGITS_PER_GROUP, "0");
  }).join(" ");
}

/** Tells octets from others: SHA-256 in hex. At once, unlike WebCrypto's. */
export function markOf(octets: Uint8Array): string {
  return toHex(sha256(octets));
}
