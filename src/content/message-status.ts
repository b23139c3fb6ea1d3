import { CodecError } from "../codec/codec-error.js";
import { type Cbor, decodeCbor, encodeCbor } from "./cbor.js";
import { CborReader } from "./cbor-reader.js";
import { checkMessageId } from "./decode-content.js";

/** Statuses by their numbers (draft-mahy-mimi-message-status). */
export const STATUSES = ["unread", "delivered", "read", "expired", "deleted", "hidden", "error"] as const;

/** What became of a message at its reader; a number is a status that is not known here (7 to 255). */
export interface MessageStatus {
  readonly messageId: Uint8Array;
  readonly status: (typeof STATUSES)[number] | number;
}

/** `MessageStatusReport = [ * PerMessageStatus ]`. Throws CodecError for a message ID or number that is none. */
export function encodeStatus(report: readonly MessageStatus[]): Uint8Array<ArrayBuffer> {
  const bytes = encodeCbor(
    report.map(({ messageId, status }) => [messageId, typeof status === "number" ? status : STATUSES.indexOf(status)]),
  );
  // what is sent has passed the check that every receiver makes
  decodeStatus(bytes);
  return bytes;
}

/** Reads a message status report. Throws CodecError, naming the field. */
export function decodeStatus(bytes: Uint8Array): readonly MessageStatus[] {
  const items = decodeCbor(bytes);
  if (!Array.isArray(items)) throw new CodecError("", "not an array");
  return items.map((item: Cbor, index) => {
    const reader = new CborReader(item, `[${index}]`);
    const messageId = checkMessageId(reader.bytes("messageId"), reader.at("messageId"));
    const status = reader.uint("status", 0xff);
    reader.end();
    return { messageId, status: STATUSES[status] ?? status };
  });
}
