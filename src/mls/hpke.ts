import { concat, utf8 } from "../codec/bytes.js";
import { forget } from "./forget.js";
import { generateCurveKeys } from "./generate-curve-keys.js";
import { expand, extract } from "./hkdf.js";
import { MlsError } from "./mls-error.js";
import { owned } from "./owned.js";
import { randomBytes } from "./random.js";

/**
 * HPKE base mode with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and AES-128-GCM (RFC 9180): WebCrypto for the curve and
 * the cipher, synchronous hashes between. Private keys are 32 raw octets, as group state keeps them; a general HPKE
 * library reads them back out of WebCrypto as JWK, which Firefox refuses for imported keys, and takes four times as long.
 */

const X25519 = "X25519";
const KEY_LENGTH = 32;
const EMPTY = new Uint8Array(0);
const VERSION = utf8("HPKE-v1");
const KEM_SUITE = concat(utf8("KEM"), Uint8Array.of(0x00, 0x20));
const HPKE_SUITE = concat(utf8("HPKE"), Uint8Array.of(0x00, 0x20, 0x00, 0x01, 0x00, 0x01));
const MODE_BASE = Uint8Array.of(0);
const AEAD_KEY_LENGTH = 16;
const AEAD_NONCE_LENGTH = 12;

/** The DER that stands before the 32 octets of an X25519 private key in PKCS #8 (RFC 8410, 7). */
const PKCS8_PREFIX = Uint8Array.of(
  ...[0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x04, 0x22, 0x04, 0x20],
);
const BASE_POINT = Uint8Array.of(9, ...new Uint8Array(KEY_LENGTH - 1));

export interface HpkeKeyPair {
  readonly privateKey: Uint8Array;
  readonly publicKey: Uint8Array;
}

export interface HpkeCiphertext {
  readonly kemOutput: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/** DeriveKeyPair (RFC 9180, 7.1.3). */
export async function deriveKeyPair(ikm: Uint8Array): Promise<HpkeKeyPair> {
  const prk = labeledExtract(KEM_SUITE, EMPTY, "dkp_prk", ikm);
  const privateKey = labeledExpand(KEM_SUITE, prk, "sk", EMPTY, KEY_LENGTH);
  forget(prk);
  return { privateKey, publicKey: await diffieHellman(await importPrivate(privateKey), BASE_POINT) };
}

/** A fresh key pair. */
export async function generateKeyPair(): Promise<HpkeKeyPair> {
  const ikm = randomBytes(KEY_LENGTH);
  const pair = await deriveKeyPair(ikm);
  forget(ikm);
  return pair;
}

/** SealBase (RFC 9180, 6.1). */
export async function seal(publicKey: Uint8Array, info: Uint8Array, plaintext: Uint8Array): Promise<HpkeCiphertext> {
  const { kemOutput, sharedSecret } = await encapsulate(publicKey);
  const { key, nonce, exporterSecret } = keySchedule(sharedSecret, info);
  const ciphertext = await encryptAead(key, nonce, EMPTY, plaintext);
  forget(key, exporterSecret);
  return { kemOutput, ciphertext };
}

/** OpenBase (RFC 9180, 6.1). Throws MlsError "cannotDecrypt". */
export async function open(
  privateKey: Uint8Array,
  info: Uint8Array,
  { kemOutput, ciphertext }: HpkeCiphertext,
): Promise<Uint8Array<ArrayBuffer>> {
  const { key, nonce, exporterSecret } = keySchedule(await decapsulate(privateKey, kemOutput), info);
  const opened = await decryptAead(key, nonce, EMPTY, ciphertext);
  forget(key, exporterSecret);
  return opened;
}

/** SetupBaseS and its Context.Export (RFC 9180, 5.3): a secret for the holder of `publicKey`, and how it finds it. */
export async function sendExport(
  publicKey: Uint8Array,
  exporterContext: Uint8Array,
  length: number,
): Promise<{ kemOutput: Uint8Array; secret: Uint8Array<ArrayBuffer> }> {
  const { kemOutput, sharedSecret } = await encapsulate(publicKey);
  return { kemOutput, secret: exportSecret(sharedSecret, exporterContext, length) };
}

/** SetupBaseR and its Context.Export: the secret that {@link sendExport} made. Throws MlsError "cannotDecrypt". */
export async function receiveExport(
  privateKey: Uint8Array,
  kemOutput: Uint8Array,
  exporterContext: Uint8Array,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  return exportSecret(await decapsulate(privateKey, kemOutput), exporterContext, length);
}

/** AES-128-GCM. */
export async function encryptAead(
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const imported = await crypto.subtle.importKey("raw", owned(key), "AES-GCM", false, ["encrypt"]);
  return new Uint8Array(await crypto.subtle.encrypt(gcm(nonce, aad), imported, owned(plaintext)));
}

/** AES-128-GCM. Throws MlsError "cannotDecrypt". */
export async function decryptAead(
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  ciphertext: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const imported = await crypto.subtle.importKey("raw", owned(key), "AES-GCM", false, ["decrypt"]);
  try {
    return new Uint8Array(await crypto.subtle.decrypt(gcm(nonce, aad), imported, owned(ciphertext)));
  } catch {
    throw new MlsError("cannotDecrypt", "the ciphertext was made with another key or was changed");
  }
}

function gcm(nonce: Uint8Array, aad: Uint8Array) {
  return { name: "AES-GCM", iv: owned(nonce), additionalData: owned(aad) };
}

async function encapsulate(publicKey: Uint8Array) {
  const ephemeral = await generateCurveKeys(X25519, false, ["deriveBits"]);
  const kemOutput = new Uint8Array(await crypto.subtle.exportKey("raw", ephemeral.publicKey));
  const dh = await diffieHellman(ephemeral.privateKey, publicKey);
  return { kemOutput, sharedSecret: sharedSecretOf(dh, kemOutput, publicKey) };
}

async function decapsulate(privateKey: Uint8Array, kemOutput: Uint8Array): Promise<Uint8Array> {
  const imported = await importPrivate(privateKey);
  const [dh, publicKey] = await Promise.all([diffieHellman(imported, kemOutput), diffieHellman(imported, BASE_POINT)]);
  return sharedSecretOf(dh, kemOutput, publicKey);
}

/** ExtractAndExpand (RFC 9180, 4.1). Leaves zeros where `dh` was. */
function sharedSecretOf(dh: Uint8Array, kemOutput: Uint8Array, publicKey: Uint8Array): Uint8Array {
  const prk = labeledExtract(KEM_SUITE, EMPTY, "eae_prk", dh);
  const shared = labeledExpand(KEM_SUITE, prk, "shared_secret", concat(kemOutput, publicKey), KEY_LENGTH);
  forget(dh, prk);
  return shared;
}

/** KeySchedule of base mode (RFC 9180, 5.1). Leaves zeros where `sharedSecret` was. */
function keySchedule(sharedSecret: Uint8Array, info: Uint8Array) {
  const context = concat(
    MODE_BASE,
    labeledExtract(HPKE_SUITE, EMPTY, "psk_id_hash", EMPTY),
    labeledExtract(HPKE_SUITE, EMPTY, "info_hash", info),
  );
  const secret = labeledExtract(HPKE_SUITE, sharedSecret, "secret", EMPTY);
  const derived = {
    key: labeledExpand(HPKE_SUITE, secret, "key", context, AEAD_KEY_LENGTH),
    nonce: labeledExpand(HPKE_SUITE, secret, "base_nonce", context, AEAD_NONCE_LENGTH),
    exporterSecret: labeledExpand(HPKE_SUITE, secret, "exp", context, KEY_LENGTH),
  };
  forget(sharedSecret, secret);
  return derived;
}

function exportSecret(sharedSecret: Uint8Array, exporterContext: Uint8Array, length: number) {
  const { key, exporterSecret } = keySchedule(sharedSecret, EMPTY);
  const exported = labeledExpand(HPKE_SUITE, exporterSecret, "sec", exporterContext, length);
  forget(key, exporterSecret);
  return exported;
}

async function importPrivate(privateKey: Uint8Array): Promise<CryptoKey> {
  const pkcs8 = concat(PKCS8_PREFIX, privateKey);
  // WebKitGTK refuses a key whose first octet is zero. "set the three least significant bits of the first byte … to zero"
  // (RFC 7748, 5): X25519 does so with every key before use, so one with a bit set is the same key.
  pkcs8[PKCS8_PREFIX.length] = (privateKey[0] ?? 0) | 1;
  const imported = await crypto.subtle.importKey("pkcs8", pkcs8, X25519, false, ["deriveBits"]);
  forget(pkcs8);
  return imported;
}

/** X25519. A point of low order, whose product would be zero, is refused (RFC 9180, 7.1.4), as is what is no point. */
async function diffieHellman(privateKey: CryptoKey, publicKey: Uint8Array): Promise<Uint8Array> {
  try {
    const point = await crypto.subtle.importKey("raw", owned(publicKey), X25519, false, []);
    const product = await crypto.subtle.deriveBits({ name: X25519, public: point }, privateKey, 8 * KEY_LENGTH);
    const octets = new Uint8Array(product);
    if (octets.some((octet) => octet !== 0)) return octets;
  } catch {
    // told apart from a zero product by nobody
  }
  throw new MlsError("cannotDecrypt", "not an X25519 public key that can be used");
}

function labeledExtract(suite: Uint8Array, salt: Uint8Array, label: string, ikm: Uint8Array): Uint8Array {
  const labeled = concat(VERSION, suite, utf8(label), ikm);
  const prk = extract(salt, labeled);
  forget(labeled);
  return prk;
}

function labeledExpand(suite: Uint8Array, prk: Uint8Array, label: string, info: Uint8Array, length: number) {
  const labeled = concat(Uint8Array.of(length >> 8, length & 0xff), VERSION, suite, utf8(label), info);
  return expand(prk, labeled, length);
}
