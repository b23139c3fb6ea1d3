import { Chance } from "./chance.js";

const CURVES: Readonly<Record<string, number>> = { Ed25519: 0x70, X25519: 0x6e };

/**
 * Runs `work` with the platform's chance made repeatable: random octets and new Ed25519 and X25519 keys come from `seed`.
 * So the groups that a run attacks are the same groups when a case of it is replayed.
 */
export async function withSeededCrypto<T>(seed: number, work: () => Promise<T>): Promise<T> {
  const chance = new Chance(seed);
  const { subtle } = crypto;
  const generateKey = async (algorithm: string, extractable: boolean, usages: KeyUsage[]): Promise<CryptoKeyPair> => {
    const pkcs8 = pkcs8Of(algorithm, chance.bytes(32));
    const exported = await subtle.importKey("pkcs8", pkcs8, algorithm, true, privateUsages(usages));
    const privateKey = await subtle.importKey("pkcs8", pkcs8, algorithm, extractable, privateUsages(usages));
    const { kty = "", crv = "", x = "" } = await subtle.exportKey("jwk", exported);
    const publicKey = await subtle.importKey("jwk", { kty, crv, x }, algorithm, true, publicUsages(usages));
    return { privateKey, publicKey };
  };
  const fill = <A extends ArrayBufferView | null>(array: A): A => {
    if (array !== null) {
      const octets = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
      octets.set(chance.bytes(octets.length));
    }
    return array;
  };
  const restore = [replace(subtle, "generateKey", generateKey), replace(crypto, "getRandomValues", fill)];
  try {
    return await work();
  } finally {
    for (const put of restore) put();
  }
}

/** Puts `value` in the place of what `object` inherits or has by that name; the result undoes it. */
function replace(object: object, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(object, name);
  Object.defineProperty(object, name, { value, configurable: true });
  return () => {
    Reflect.deleteProperty(object, name);
    if (before !== undefined) Object.defineProperty(object, name, before);
  };
}

/** PKCS #8 of a curve's private key (RFC 8410, 7). */
function pkcs8Of(algorithm: string, key: Uint8Array): Uint8Array<ArrayBuffer> {
  const curve = CURVES[algorithm] ?? 0;
  const head = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, curve, 0x04, 0x22, 0x04, 0x20];
  return Uint8Array.of(...head, ...key);
}

function privateUsages(usages: readonly KeyUsage[]): KeyUsage[] {
  return usages.filter((usage) => usage !== "verify");
}

function publicUsages(usages: readonly KeyUsage[]): KeyUsage[] {
  return usages.filter((usage) => usage === "verify");
}
