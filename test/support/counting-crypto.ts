import type { Crypto } from "../../src/mls/crypto.js";

/** How often what costs was done: a measure of work that is the same on every machine. */
export interface CryptoCounts {
  /** Hashes and MACs. */
  hashed: number;
  /** Extract and expand. */
  derived: number;
  verified: number;
}

/** The same crypto, which counts. */
export function countingCrypto(crypto: Crypto): { readonly crypto: Crypto; readonly counts: CryptoCounts } {
  const counts: CryptoCounts = { hashed: 0, derived: 0, verified: 0 };
  const { hash, kdf, signature } = crypto;
  const hashing = <A extends unknown[], R>(work: (...args: A) => R) => counted(counts, "hashed", work);
  const deriving = <A extends unknown[], R>(work: (...args: A) => R) => counted(counts, "derived", work);
  return {
    counts,
    crypto: {
      ...crypto,
      hash: { digest: hashing(hash.digest), mac: hashing(hash.mac), verifyMac: hashing(hash.verifyMac) },
      kdf: { ...kdf, extract: deriving(kdf.extract), expand: deriving(kdf.expand) },
      signature: { ...signature, verify: counted(counts, "verified", signature.verify) },
    },
  };
}

function counted<A extends unknown[], R>(
  counts: CryptoCounts,
  what: keyof CryptoCounts,
  work: (...args: A) => R,
): (...args: A) => R {
  return (...args) => {
    counts[what] += 1;
    return work(...args);
  };
}

/** A list that counts how often one of its items is looked at. */
export function countingList<T>(list: readonly T[]): { readonly list: readonly T[]; readonly looks: () => number } {
  let looks = 0;
  const counting = new Proxy(list, {
    get(target, key, receiver) {
      if (typeof key === "string" && /^\d+$/u.test(key)) looks += 1;
      return Reflect.get(target, key, receiver);
    },
  });
  return { list: counting, looks: () => looks };
}
