import { concat, fromHex } from "../../../src/codec/bytes.js";
import { createCrypto } from "../../../src/mls/crypto.js";
import { plainAuthentication } from "../plain-authentication.js";

/** The primitives that the vectors are checked with: their leaves are nobody's in particular. */
export const vectorCrypto = createCrypto(plainAuthentication);

/** The DER that stands before the 32 octets of an Ed25519 private key in PKCS #8 (RFC 8410, 7). */
const PKCS8_PREFIX = fromHex("302e020100300506032b657004220420");

/** The key that signs for a vector, from its 32 octets in hex. */
export function signatureKeyOf(octets: string): Promise<CryptoKey> {
  const pkcs8 = concat(PKCS8_PREFIX, fromHex(octets));
  return crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", false, ["sign"]);
}

/** Puts a vector's key pair into the ring; resolves with its handle. */
export async function addVectorKey(privateOctets: string, publicOctets: string): Promise<Uint8Array> {
  const privateKey = await signatureKeyOf(privateOctets);
  const publicKey = await crypto.subtle.importKey("raw", fromHex(publicOctets), "Ed25519", true, ["verify"]);
  return vectorCrypto.addSignatureKey({ privateKey, publicKey });
}
