import type { webcrypto } from "node:crypto";

/** Names that pages and workers have as globals and Node's types keep in a namespace. */
declare global {
  type BufferSource = webcrypto.BufferSource;
  type CryptoKey = webcrypto.CryptoKey;
  type CryptoKeyPair = webcrypto.CryptoKeyPair;
  type SubtleCrypto = webcrypto.SubtleCrypto;
  type KeyUsage = webcrypto.KeyUsage;
  type JsonWebKey = webcrypto.JsonWebKey;
}
