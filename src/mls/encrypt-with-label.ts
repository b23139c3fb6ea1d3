import { type HpkeCiphertext, open, seal } from "./hpke.js";
import { labelled } from "./labels.js";

/** EncryptWithLabel (RFC 9420, 5.1.3). */
export function encryptWithLabel(
  publicKey: Uint8Array,
  label: string,
  context: Uint8Array,
  plaintext: Uint8Array,
): Promise<HpkeCiphertext> {
  return seal(publicKey, labelled(label, context), plaintext);
}

/** DecryptWithLabel (RFC 9420, 5.1.3). Throws MlsError "cannotDecrypt". */
export function decryptWithLabel(
  privateKey: Uint8Array,
  label: string,
  context: Uint8Array,
  ciphertext: HpkeCiphertext,
): Promise<Uint8Array<ArrayBuffer>> {
  return open(privateKey, labelled(label, context), ciphertext);
}
