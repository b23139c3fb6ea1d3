/**
 * What a page, a worker and Node have in common, and no more: the globals that codec, content, policy and mls may use.
 * A `window`, a `Buffer` or a `self` that slips into them does not compile against this list.
 */
declare global {
  type BufferSource = ArrayBufferView<ArrayBuffer> | ArrayBuffer;
  type KeyUsage = "decrypt" | "deriveBits" | "deriveKey" | "encrypt" | "sign" | "unwrapKey" | "verify" | "wrapKey";
  type KeyFormat = "jwk" | "pkcs8" | "raw" | "spki";
  type KeyType = "private" | "public" | "secret";

  interface KeyAlgorithm {
    name: string;
  }
  interface Algorithm extends KeyAlgorithm {}
  type AlgorithmIdentifier = Algorithm | string;
  interface AlgorithmParameters extends Algorithm {
    [parameter: string]: unknown;
  }

  interface CryptoKey {
    readonly algorithm: KeyAlgorithm;
    readonly extractable: boolean;
    readonly type: KeyType;
    readonly usages: KeyUsage[];
  }
  interface CryptoKeyPair {
    privateKey: CryptoKey;
    publicKey: CryptoKey;
  }
  interface JsonWebKey {
    crv?: string;
    d?: string;
    ext?: boolean;
    key_ops?: string[];
    kty?: string;
    x?: string;
    y?: string;
  }

  interface SubtleCrypto {
    decrypt(algorithm: AlgorithmParameters, key: CryptoKey, data: BufferSource): Promise<ArrayBuffer>;
    deriveBits(algorithm: AlgorithmParameters, baseKey: CryptoKey, length: number): Promise<ArrayBuffer>;
    digest(algorithm: AlgorithmIdentifier, data: BufferSource): Promise<ArrayBuffer>;
    encrypt(algorithm: AlgorithmParameters, key: CryptoKey, data: BufferSource): Promise<ArrayBuffer>;
    exportKey(format: "jwk", key: CryptoKey): Promise<JsonWebKey>;
    exportKey(format: Exclude<KeyFormat, "jwk">, key: CryptoKey): Promise<ArrayBuffer>;
    generateKey(
      algorithm: "Ed25519" | "X25519" | { name: "Ed25519" } | { name: "X25519" },
      extractable: boolean,
      usages: readonly KeyUsage[],
    ): Promise<CryptoKeyPair>;
    importKey(
      format: "jwk",
      keyData: JsonWebKey,
      algorithm: AlgorithmIdentifier | AlgorithmParameters,
      extractable: boolean,
      usages: readonly KeyUsage[],
    ): Promise<CryptoKey>;
    importKey(
      format: Exclude<KeyFormat, "jwk">,
      keyData: BufferSource,
      algorithm: AlgorithmIdentifier | AlgorithmParameters,
      extractable: boolean,
      usages: readonly KeyUsage[],
    ): Promise<CryptoKey>;
    sign(algorithm: AlgorithmIdentifier, key: CryptoKey, data: BufferSource): Promise<ArrayBuffer>;
    verify(
      algorithm: AlgorithmIdentifier,
      key: CryptoKey,
      signature: BufferSource,
      data: BufferSource,
    ): Promise<boolean>;
  }
  interface Crypto {
    readonly subtle: SubtleCrypto;
    getRandomValues<T extends ArrayBufferView<ArrayBuffer>>(array: T): T;
    randomUUID(): `${string}-${string}-${string}-${string}-${string}`;
  }
  const crypto: Crypto;

  class TextEncoder {
    encode(text?: string): Uint8Array<ArrayBuffer>;
  }
  class TextDecoder {
    constructor(encoding?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
    decode(bytes?: BufferSource): string;
  }

  function structuredClone<T>(value: T): T;
  function btoa(text: string): string;
  function atob(text: string): string;

  class URL {
    constructor(url: string, base?: string);
    readonly hash: string;
    readonly host: string;
    readonly hostname: string;
    readonly href: string;
    readonly origin: string;
    readonly pathname: string;
    readonly port: string;
    readonly protocol: string;
    readonly search: string;
  }
}

export {};
