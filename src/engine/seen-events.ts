import { fromHex } from "../codec/bytes.js";
import { eventReference, NO_REFERENCE } from "../codec/event-reference.js";
import { encode } from "../codec/tls.js";
import type { CursorRecord } from "../storage/records.js";

/** Hashes of so many of the latest events are known: what refers further back was under way for long. */
const MOST = 256;

/** Which of the latest events of the log were read, without a gap. It is not on disk: an engine begins with the last one. */
export interface SeenEvents {
  /** Cursor of the last. */
  readonly last: number;
  /** SHA-256 of each MLSMessage in hex, the last one's last; "" where it is not known. */
  readonly hashes: readonly string[];
}

/** What is known where the log was read up to `log` and nothing else is known. */
export function seenFrom({ cursor, hash }: CursorRecord): SeenEvents {
  return { last: cursor, hashes: [hash] };
}

/** What is known when the log is read up to `log`. Over a gap, or back to another log, all before is forgotten. */
export function seenAt(seen: SeenEvents, log: CursorRecord): SeenEvents {
  const { last, hashes } = seen;
  if (log.cursor === last + 1) return { last: log.cursor, hashes: [...hashes.slice(1 - MOST), log.hash] };
  if (log.cursor <= last && hashAt(seen, log.cursor) === log.hash) {
    return { last: log.cursor, hashes: hashes.slice(0, hashes.length - (last - log.cursor)) };
  }
  return seenFrom(log);
}

/** SHA-256 of the MLSMessage at a cursor, in hex; undefined when it is not known. */
export function hashAt({ last, hashes }: SeenEvents, cursor: number): string | undefined {
  return hashes[hashes.length - 1 - (last - cursor)] || undefined;
}

/** The authenticated data of what is made where the log was read up to `log` (docs/adr/0016-chained-events.md). */
export function referenceTo({ cursor, hash }: CursorRecord): Uint8Array<ArrayBuffer> {
  if (hash === "") return NO_REFERENCE;
  return encode(eventReference, { cursor: BigInt(cursor), eventHash: fromHex(hash) });
}
