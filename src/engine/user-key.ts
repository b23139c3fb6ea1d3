import { fromBase64Url } from "../codec/bytes.js";
import { problem } from "./engine-problem.js";

const ED25519 = "Ed25519";

/** The key pair whose private half is `pkcs8`; it can be exported again. Throws EngineProblem `invalidKit`. */
export async function importUserKey(pkcs8: Uint8Array): Promise<CryptoKeyPair> {
  try {
    const privateKey = await crypto.subtle.importKey("pkcs8", new Uint8Array(pkcs8), ED25519, true, ["sign"]);
    // WebCrypto derives the public half only on the way out of the private one.
    const { x = "" } = await crypto.subtle.exportKey("jwk", privateKey);
    const publicKey = await crypto.subtle.importKey("raw", fromBase64Url(x), ED25519, true, ["verify"]);
    return { privateKey, publicKey };
  } catch (error) {
    throw problem("invalidKit", `Not an Ed25519 key: ${String(error)}`);
  }
}
