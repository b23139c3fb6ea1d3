import { concat } from "../codec/bytes.js";
import { encode, opaque, opaqueFixed, Reader, struct, uint32, uint64 } from "../codec/tls.js";
import { AEAD_KEY_LENGTH, AEAD_NONCE_LENGTH, HASH_LENGTH } from "./cipher-suite.js";
import type { Crypto } from "./crypto.js";
import { forget } from "./forget.js";
import { decryptAead, encryptAead } from "./hpke.js";
import { expandWithLabel } from "./labels.js";
import { attempt, ensure, parse } from "./mls-error.js";
import { randomBytes } from "./random.js";
import type { MessageKey } from "./secret-tree.js";
import { contentType } from "./wire/framed-content.js";
import type { PrivateMessage } from "./wire/message.js";

const SMALLEST_PLAINTEXT = 256;
const REUSE_GUARD_LENGTH = 4;

/** `struct { uint32 leaf_index; uint32 generation; opaque reuse_guard[4]; } SenderData` (RFC 9420, 6.3.2) */
const senderData = struct({ leafIndex: uint32, generation: uint32, reuseGuard: opaqueFixed(REUSE_GUARD_LENGTH) });
const senderDataAAD = struct({ groupId: opaque, epoch: uint64, contentType });
const privateContentAAD = struct({ groupId: opaque, epoch: uint64, contentType, authenticatedData: opaque });

/** The application case of PrivateMessageContent without its padding (RFC 9420, 6.3.1). */
const applicationContent = struct({ applicationData: opaque, signature: opaque });

/** Who sent a PrivateMessage, and with which key. */
export interface SenderData {
  readonly leafIndex: number;
  readonly generation: number;
  readonly reuseGuard: Uint8Array;
}

type Header = Pick<PrivateMessage, "groupId" | "epoch" | "contentType" | "authenticatedData">;

/** Encrypts an application message, padded (RFC 9420, 6.3). */
export async function sealPrivateMessage(
  crypto: Crypto,
  header: Header,
  content: { readonly applicationData: Uint8Array; readonly signature: Uint8Array },
  sender: Omit<SenderData, "reuseGuard">,
  messageKey: MessageKey,
  senderDataSecret: Uint8Array,
): Promise<PrivateMessage> {
  const reuseGuard = randomBytes(REUSE_GUARD_LENGTH);
  const plaintext = pad(encode(applicationContent, content));
  const aad = encode(privateContentAAD, header);
  const ciphertext = await encryptAead(messageKey.key, guarded(messageKey.nonce, reuseGuard), aad, plaintext);
  const { key, nonce } = await senderDataKey(crypto, senderDataSecret, ciphertext);
  const data = encode(senderData, { ...sender, reuseGuard });
  const encryptedSenderData = await encryptAead(key, nonce, encode(senderDataAAD, header), data);
  forget(key);
  return { ...header, encryptedSenderData, ciphertext };
}

/** Who sent it: to be checked before anything else is done with the message. Throws MlsError "cannotDecrypt", "malformed". */
export async function openSenderData(
  crypto: Crypto,
  message: PrivateMessage,
  senderDataSecret: Uint8Array,
): Promise<SenderData> {
  const { key, nonce } = await senderDataKey(crypto, senderDataSecret, message.ciphertext);
  const aad = encode(senderDataAAD, message);
  const opened = await decryptAead(key, nonce, aad, message.encryptedSenderData);
  forget(key);
  return parse(senderData, opened);
}

/** The content of a PrivateMessage. Throws MlsError "cannotDecrypt", "malformed". */
export async function openPrivateContent(message: PrivateMessage, { reuseGuard }: SenderData, messageKey: MessageKey) {
  const nonce = guarded(messageKey.nonce, reuseGuard);
  const plaintext = await decryptAead(messageKey.key, nonce, encode(privateContentAAD, message), message.ciphertext);
  const reader = new Reader(plaintext);
  const content = attempt("malformed", () => applicationContent.read(reader));
  // "the receiver MUST verify that … the padding field … all … zero" (RFC 9420, 6.3.1)
  const zero = reader.rest().every((octet) => octet === 0);
  ensure(zero, "malformed", "padding: not zero");
  return content;
}

/** "ciphertext_sample = ciphertext[0..KDF.Nh-1]; sender_data_key = ExpandWithLabel(sender_data_secret, "key", ciphertext_sample, AEAD.Nk)" */
export async function senderDataKey(
  { kdf }: Crypto,
  senderDataSecret: Uint8Array,
  ciphertext: Uint8Array,
): Promise<MessageKey> {
  const sample = ciphertext.subarray(0, HASH_LENGTH);
  return {
    key: await expandWithLabel(senderDataSecret, "key", sample, AEAD_KEY_LENGTH, kdf),
    nonce: await expandWithLabel(senderDataSecret, "nonce", sample, AEAD_NONCE_LENGTH, kdf),
  };
}

/** "XORed with the first four bytes of the nonce" (RFC 9420, 6.3.1) */
function guarded(nonce: Uint8Array, reuseGuard: Uint8Array): Uint8Array {
  return nonce.map((octet, index) => octet ^ (reuseGuard[index] ?? 0));
}

/** Pads with zeros to a power of two, so that a length tells little. */
function pad(content: Uint8Array): Uint8Array {
  let length = SMALLEST_PLAINTEXT;
  while (length < content.length) length *= 2;
  return concat(content, new Uint8Array(length - content.length));
}
