import { isEd25519Key, isEd25519Signature } from "./curve25519.js";
import { generateCurveKeys } from "./generate-curve-keys.js";
import { labelled } from "./labels.js";
import { owned } from "./owned.js";

const ED25519 = "Ed25519";
const MAX_IMPORTED_KEYS = 4096;

/** A user's key pair. Only a recoverable one can be exported, for the recovery kit of its owner. */
export async function generateUserKey(recoverable: boolean): Promise<CryptoKeyPair> {
  return generateCurveKeys(ED25519, recoverable, ["sign", "verify"]);
}

/** The signature key pair of a leaf; the private half never leaves WebCrypto. */
export async function generateSignatureKey(): Promise<CryptoKeyPair> {
  return generateCurveKeys(ED25519, false, ["sign", "verify"]);
}

/** The 32 octets of an Ed25519 public key. */
export async function exportPublicKey(key: CryptoKey): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.exportKey("raw", key));
}

/** SignWithLabel (RFC 9420, 5.1.2). */
export function signWithLabel(key: CryptoKey, label: string, content: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return sign(key, labelled(label, content));
}

/** VerifyWithLabel (RFC 9420, 5.1.2); false also for octets that are no public key. */
export function verifyWithLabel(
  publicKey: Uint8Array,
  label: string,
  content: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  return verify(publicKey, labelled(label, content), signature);
}

/** Ed25519 without a label: what the labelled functions are built on. */
export async function sign(key: CryptoKey, message: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.sign(ED25519, key, owned(message)));
}

/** Ed25519 without a label; false also for octets that are no public key or no signature, in every engine alike. */
export async function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  if (!isEd25519Key(publicKey) || !isEd25519Signature(signature)) return false;
  const key = await importedKey(publicKey);
  return key !== undefined && crypto.subtle.verify(ED25519, key, owned(signature), owned(message));
}

// Importing costs as much as verifying, and the same few keys sign everything: the latest are kept.
const importedKeys = new Map<string, CryptoKey>();

async function importedKey(publicKey: Uint8Array): Promise<CryptoKey | undefined> {
  const name = String.fromCharCode(...publicKey);
  const known = importedKeys.get(name);
  const key = known ?? (await importKey(publicKey));
  if (key === undefined) return undefined;
  importedKeys.delete(name);
  importedKeys.set(name, key);
  if (importedKeys.size > MAX_IMPORTED_KEYS) {
    for (const oldest of importedKeys.keys()) {
      importedKeys.delete(oldest);
      break;
    }
  }
  return key;
}

async function importKey(publicKey: Uint8Array): Promise<CryptoKey | undefined> {
  try {
    return await crypto.subtle.importKey("raw", owned(publicKey), ED25519, false, ["verify"]);
  } catch {
    return undefined; // 32 octets that are no point on the curve
  }
}
