import { fromBase64Url, toBase64Url, utf8 } from "../codec/bytes.js";
import { canonicalMimiUri } from "../codec/mimi-uri.js";
import type { Random } from "../transport/ports.js";
import { EngineProblem } from "./engine-problem.js";

const KDF = "PBKDF2-SHA-256";
const ITERATIONS = 600_000;
/** Iterations that a kit may ask for: a made-up number must not keep the worker busy for hours. */
const MOST_ITERATIONS = 10_000_000;

/** What a recovery kit holds. */
export interface Kit {
  readonly provider: string;
  readonly room: string;
  readonly userUri: string;
  /** The user's private key, PKCS #8. */
  readonly key: Uint8Array;
}

/** A recovery kit as a JSON document; the key in it is encrypted under `passphrase` (PBKDF2, AES-256-GCM). */
export async function sealKit({ key, ...names }: Kit, passphrase: string, random: Random): Promise<string> {
  const salt = random(16);
  const iv = random(12);
  const secret = await deriveKey(passphrase, salt, ITERATIONS);
  const sealed = await crypto.subtle.encrypt(gcm(iv, names), secret, new Uint8Array(key));
  const document = {
    v: 1,
    ...names,
    kdf: KDF,
    iterations: ITERATIONS,
    salt: toBase64Url(salt),
    iv: toBase64Url(iv),
    key: toBase64Url(new Uint8Array(sealed)),
  };
  return JSON.stringify(document, undefined, 2);
}

/** Opens a recovery kit. Throws EngineProblem `invalidKit`: another document, or another passphrase. */
export async function openKit(document: string, passphrase: string): Promise<Kit> {
  try {
    const json = JSON.parse(document) as Record<string, unknown>;
    const { v, kdf, iterations, provider, room, userUri } = json;
    if (v !== 1 || kdf !== KDF || typeof iterations !== "number" || iterations > MOST_ITERATIONS)
      throw new Error("unknown kind");
    const names = { provider: textOf(provider), room: textOf(room), userUri: textOf(userUri) };
    const secret = await deriveKey(passphrase, octetsOf(json.salt), iterations);
    const key = await crypto.subtle.decrypt(gcm(octetsOf(json.iv), names), secret, octetsOf(json.key));
    return { ...names, room: canonicalMimiUri(names.room), key: new Uint8Array(key) };
  } catch (error) {
    const detail = `Not a recovery kit, or not its passphrase: ${error instanceof Error ? error.message : String(error)}`;
    throw new EngineProblem({ code: "invalidKit", detail, retry: true });
  }
}

/** The names are authenticated: a kit cannot be passed off as another room's. */
function gcm(iv: Uint8Array, { provider, room, userUri }: Omit<Kit, "key">): AesGcmParams {
  return { name: "AES-GCM", iv: new Uint8Array(iv), additionalData: utf8(JSON.stringify([provider, room, userUri])) };
}

async function deriveKey(passphrase: string, salt: Uint8Array, iterations: number): Promise<CryptoKey> {
  const secret = await crypto.subtle.importKey("raw", utf8(passphrase.normalize("NFC")), "PBKDF2", false, [
    "deriveKey",
  ]);
  const parameters = { name: "PBKDF2", hash: "SHA-256", salt: new Uint8Array(salt), iterations };
  return crypto.subtle.deriveKey(parameters, secret, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

function textOf(value: unknown): string {
  if (typeof value !== "string") throw new Error("a text is missing");
  return value;
}

function octetsOf(value: unknown): Uint8Array<ArrayBuffer> {
  return fromBase64Url(textOf(value));
}
