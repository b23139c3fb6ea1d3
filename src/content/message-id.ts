import { concat, utf8 } from "../codec/bytes.js";
import { CodecError } from "../codec/codec-error.js";
import { encode, uint16 } from "../codec/tls.js";
import { SHA_256 } from "./mimi-content.js";

/** What a message ID is derived from. */
export interface MessageIdInput {
  /** The sender's user URI, as its leaf states it. */
  readonly sender: string;
  readonly room: string;
  /** The whole encoded content message. */
  readonly content: Uint8Array;
  /** The salt in it. */
  readonly salt: Uint8Array;
}

/**
 * The ID of a message: 32 octets (draft-ietf-mimi-content-09, Message ID).
 *
 *     hash_output = hash( senderUriLength || senderUri || roomUriLength || roomUri || message || salt )
 *     messageId = hashAlg || hash_output[0..30]
 *
 * "The senderUriLength and roomUriLength are big-endian unsigned 16-bit integers"; the hash is SHA-256.
 */
export async function messageId({ sender, room, content, salt }: MessageIdInput): Promise<Uint8Array> {
  const input = concat(lengthAnd(sender), lengthAnd(room), content, salt);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", input));
  return concat(Uint8Array.of(SHA_256), hash.subarray(0, 31));
}

function lengthAnd(uri: string): Uint8Array {
  const bytes = utf8(uri);
  if (bytes.length > 0xffff) throw new CodecError("", "a URI of more than 65535 octets");
  return concat(encode(uint16, bytes.length), bytes);
}
