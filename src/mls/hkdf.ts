import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { HASH_LENGTH } from "./cipher-suite.js";
import { forget } from "./forget.js";

const MOST_BLOCKS = 255;

/** HKDF-Extract with SHA-256 (RFC 5869, 2.2). */
export function extract(salt: Uint8Array, ikm: Uint8Array): Uint8Array {
  return hmac(sha256, salt, ikm);
}

/** HKDF-Expand with SHA-256 (RFC 5869, 2.3); `length` in octets. Leaves no copy of what it makes, as @noble/hashes does. */
export function expand(prk: Uint8Array, info: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const okm = new Uint8Array(length);
  let block: Uint8Array = new Uint8Array(0);
  for (let counter = 1; (counter - 1) * HASH_LENGTH < length; counter++) {
    if (counter > MOST_BLOCKS) throw new RangeError(`HKDF gives no ${length} octets`);
    // "T(N) = HMAC-Hash(PRK, T(N-1) | info | N)"
    const next = hmac.create(sha256, prk).update(block).update(info).update(Uint8Array.of(counter)).digest();
    const offset = (counter - 1) * HASH_LENGTH;
    okm.set(next.subarray(0, length - offset), offset);
    forget(block);
    block = next;
  }
  forget(block);
  return okm;
}
