import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { Hash } from "ts-mls/crypto/hash.js";
import type { Kdf } from "ts-mls/crypto/kdf.js";
import type { Signature } from "ts-mls/crypto/signature.js";
import { constantTimeEqual } from "ts-mls/util/constantTimeCompare.js";
import { toHex } from "../codec/bytes.js";
import type { AuthenticationService } from "./authentication-service.js";
import { HASH_LENGTH } from "./cipher-suite.js";
import { expand, extract } from "./hkdf.js";
import { roomAuthentication } from "./room-authentication.js";
import { exportPublicKey, generateSignatureKey, sign, verify } from "./signing.js";

/**
 * The primitives of the cipher suite, in the shape that ts-mls takes, and the ring of this engine's signature keys.
 * HPKE and the AEAD have no state and stand in hpke.ts.
 */
export interface Crypto {
  readonly hash: Hash;
  readonly kdf: Kdf;
  /** `sign` takes a handle (the public key) of a key in the ring, never a private key. */
  readonly signature: Signature;
  /** Puts a key pair into the ring. Resolves with its public key, which is the handle that `signature.sign` takes. */
  addSignatureKey(pair: CryptoKeyPair): Promise<Uint8Array<ArrayBuffer>>;
  /** Who vouches for leaves. */
  readonly authentication: AuthenticationService;
}

/** Crypto with an empty key ring; for rooms, unless it is for groups of another application. */
export function createCrypto(authentication: AuthenticationService = roomAuthentication): Crypto {
  const ring = new Map<string, CryptoKey>();

  async function addSignatureKey(pair: CryptoKeyPair) {
    const handle = await exportPublicKey(pair.publicKey);
    ring.set(toHex(handle), pair.privateKey);
    return handle;
  }

  return {
    hash: {
      digest: async (data) => sha256(data),
      mac: async (key, data) => hmac(sha256, key, data),
      verifyMac: async (key, mac, data) => constantTimeEqual(hmac(sha256, key, data), mac),
    },
    kdf: {
      extract: async (salt, ikm) => extract(salt, ikm),
      expand: async (prk, info, length) => expand(prk, info, length),
      size: HASH_LENGTH,
    },
    signature: {
      async sign(handle, message) {
        const key = ring.get(toHex(handle));
        if (key === undefined) throw new Error("no such key in the ring of signature keys");
        return sign(key, message);
      },
      verify,
      async keygen() {
        const handle = await addSignatureKey(await generateSignatureKey());
        return { publicKey: handle, signKey: handle };
      },
    },
    addSignatureKey,
    authentication,
  };
}
