import { CodecError } from "./codec-error.js";
import { decode, encode, type Infer, opaque, struct, uint64 } from "./tls.js";

/** Octets of SHA-256. */
const HASH_LENGTH = 32;

/**
 * `struct { uint64 cursor; opaque event_hash<V>; } EventReference`: the authenticated data of a member's messages and commits
 * (docs/adr/0016-chained-events.md). The last event that the sender had read: its cursor, and SHA-256 of its MLSMessage. Cursor 0
 * and no hash refer to none.
 */
export const eventReference = struct({ cursor: uint64, eventHash: opaque });
export type EventReference = Infer<typeof eventReference>;

/** What refers to no event. */
export const NO_REFERENCE: Uint8Array<ArrayBuffer> = encode(eventReference, {
  cursor: 0n,
  eventHash: new Uint8Array(0),
});

/** The event that authenticated data refers to; undefined for none. Throws CodecError. */
export function readReference(authenticatedData: Uint8Array): EventReference | undefined {
  const reference = decode(eventReference, authenticatedData);
  const { cursor, eventHash } = reference;
  if (cursor === 0n && eventHash.length === 0) return undefined;
  if (cursor === 0n || eventHash.length !== HASH_LENGTH) {
    throw new CodecError("eventHash", `${eventHash.length} octets at cursor ${cursor}`);
  }
  return reference;
}
