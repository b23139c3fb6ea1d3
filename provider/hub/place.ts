import { equalBytes, fromBase64Url } from "../../src/codec/bytes.js";
import { Refusal } from "../refusal.js";
import { lastCursorOf, messageHashAt } from "../store/events.js";
import type { Store } from "../store/schema.js";

const SHA256_OCTETS = 32;

/** Where a client stands in a room's log. */
export interface Place {
  /** The cursor that it has read up to; 0: nothing yet. */
  readonly after: number;
  /** SHA-256 of the MLSMessage that it has read there; undefined when there is none, or the client does not say. */
  readonly hash: Uint8Array | undefined;
}

/** A place from its fields: "" and an absent `hash` say nothing. Throws Refusal for what is no SHA-256. */
export function placeAt(after: number, hash: unknown): Place {
  if (hash === undefined || hash === "") return { after, hash: undefined };
  if (typeof hash !== "string") throw new Refusal("malformed", "hash: not a string");
  const octets = fromBase64Url(hash);
  if (octets.length !== SHA256_OCTETS) throw new Refusal("malformed", "hash: not 32 octets");
  return { after, hash: octets };
}

/**
 * Throws Refusal when the client has read what this log does not have: the log was restored from an older copy, and its
 * cursors are given out anew. Going on from there would skip events without anybody noticing.
 */
export async function checkPlace(
  store: Store,
  roomId: number,
  clientUri: string,
  { after, hash }: Place,
): Promise<void> {
  if (after > (await lastCursorOf(store, roomId))) throw new Refusal("logDiverged", "the log does not go so far");
  if (after === 0 || hash === undefined) return;
  const logged = await messageHashAt(store, { roomId, clientUri }, after);
  if (logged === undefined || !equalBytes(logged, hash)) {
    throw new Refusal("logDiverged", "the log has another event at this cursor, or none for this client");
  }
}
