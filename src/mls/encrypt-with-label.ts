import { utf8 } from "../codec/bytes.js";
import { encode, opaque, struct } from "../codec/tls.js";
import { type HpkeCiphertext, open, seal } from "./hpke.js";

/** `struct { opaque label<V> = "MLS 1.0 " + Label; opaque context<V>; } EncryptContext` (RFC 9420, 5.1.3) */
const encryptContext = struct({ label: opaque, context: opaque });

/** EncryptWithLabel (RFC 9420, 5.1.3). */
export function encryptWithLabel(
  publicKey: Uint8Array,
  label: string,
  context: Uint8Array,
  plaintext: Uint8Array,
): Promise<HpkeCiphertext> {
  return seal(publicKey, encode(encryptContext, { label: utf8(`MLS 1.0 ${label}`), context }), plaintext);
}

/** DecryptWithLabel (RFC 9420, 5.1.3). Throws MlsError "cannotDecrypt". */
export function decryptWithLabel(
  privateKey: Uint8Array,
  label: string,
  context: Uint8Array,
  ciphertext: HpkeCiphertext,
): Promise<Uint8Array<ArrayBuffer>> {
  return open(privateKey, encode(encryptContext, { label: utf8(`MLS 1.0 ${label}`), context }), ciphertext);
}
