import type { ExpressionBuilder } from "kysely";
import type { Schema, Store } from "./schema.js";

/** An event of a room's log. */
export interface LoggedEvent {
  readonly cursor: number;
  readonly acceptedAt: number;
  readonly epoch: number;
  readonly message: Uint8Array;
  /** Of a commit: the `external_pub` that is published for the epoch that it begins; else empty. */
  readonly externalPub: Uint8Array;
}

export interface NewEvent extends LoggedEvent {
  readonly messageHash: Uint8Array;
}

/** Appends to a room's log and moves its cursor. The caller's transaction makes it durable. */
export async function appendEvent(store: Store, roomId: number, event: NewEvent): Promise<void> {
  const { numUpdatedRows } = await store
    .updateTable("rooms")
    .set({ last_cursor: event.cursor })
    .where("id", "=", roomId)
    .where("last_cursor", "=", event.cursor - 1)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new Error("the room's log has been written by another process");
  await store
    .insertInto("events")
    .values({
      room_id: roomId,
      cursor: event.cursor,
      accepted_at: event.acceptedAt,
      epoch: event.epoch,
      message_hash: event.messageHash,
      message: event.message,
      external_pub: event.externalPub,
    })
    .execute();
}

/** What was answered when this message was accepted; undefined when it was not. */
export async function findByHash(
  store: Store,
  roomId: number,
  messageHash: Uint8Array,
): Promise<Pick<LoggedEvent, "cursor" | "acceptedAt" | "epoch"> | undefined> {
  const row = await store
    .selectFrom("events")
    .select(["cursor", "accepted_at", "epoch"])
    .where("room_id", "=", roomId)
    .where("message_hash", "=", messageHash)
    .executeTakeFirst();
  return row && { cursor: row.cursor, acceptedAt: row.accepted_at, epoch: row.epoch };
}

/** The cursor of a room's last event. */
export async function lastCursorOf(store: Store, roomId: number): Promise<number> {
  const row = await store.selectFrom("rooms").select("last_cursor").where("id", "=", roomId).executeTakeFirst();
  return row?.last_cursor ?? 0;
}

/** The hash of the message at a cursor; undefined when there is none, or none that `clientUri` may have. */
export async function messageHashAt(
  store: Store,
  seat: { readonly roomId: number; readonly clientUri: string },
  cursor: number,
): Promise<Uint8Array | undefined> {
  const row = await store
    .selectFrom("events")
    .select("message_hash")
    .where("room_id", "=", seat.roomId)
    .where("cursor", "=", cursor)
    .where(({ exists, selectFrom }) => exists(seatsOverEvents(selectFrom, seat)))
    .executeTakeFirst();
  return row?.message_hash;
}

/**
 * The events after `after` that `clientUri` may have: those of its seats, "from the commit that seated them to the one
 * that removed them, both included". At most `limit`, and at least one event but not many more than `bytes` octets; those of
 * one seat only: what was said while the client was away may be a million events, and is not read.
 */
export async function eventsFor(
  store: Store,
  seat: { readonly roomId: number; readonly clientUri: string },
  after: number,
  bounds: { readonly limit: number; readonly bytes: number },
): Promise<{ readonly events: readonly LoggedEvent[]; readonly more: boolean }> {
  const [first, next] = await seatsAfter(store, seat, after);
  if (first === undefined) return { events: [], more: false };
  const sizes = await store
    .selectFrom("events")
    .select((select) => ["cursor", select.fn<number>("length", ["message"]).as("size")])
    .where("room_id", "=", seat.roomId)
    .where("cursor", ">", after)
    .where("cursor", ">=", first.from_cursor)
    .where("cursor", "<=", first.to_cursor ?? Number.MAX_SAFE_INTEGER)
    .orderBy("cursor")
    .limit(bounds.limit + 1)
    .execute();
  const cursors = within(sizes, bounds);
  const events = cursors.length === 0 ? [] : await eventsAt(store, seat.roomId, cursors);
  return { events, more: cursors.length < sizes.length || next !== undefined };
}

/** The first two seats of a client that have events after `after`, or may come to have. */
async function seatsAfter(
  store: Store,
  { roomId, clientUri }: { readonly roomId: number; readonly clientUri: string },
  after: number,
) {
  return await store
    .selectFrom("seats")
    .select(["from_cursor", "to_cursor"])
    .where("room_id", "=", roomId)
    .where("client_uri", "=", clientUri)
    // a group that was closed before anything happened leaves a seat that ends before it begins
    .where((where) =>
      where.or([
        where("to_cursor", "is", null),
        where.and([where("to_cursor", ">", after), where("to_cursor", ">=", where.ref("from_cursor"))]),
      ]),
    )
    .orderBy("from_cursor")
    .limit(2)
    .execute();
}

/** The seats of a client that cover an event of the query around it. */
function seatsOverEvents(
  selectFrom: ExpressionBuilder<Schema, "events">["selectFrom"],
  seat: { readonly roomId: number; readonly clientUri: string },
) {
  return selectFrom("seats")
    .select("seats.room_id")
    .where("seats.room_id", "=", seat.roomId)
    .where("seats.client_uri", "=", seat.clientUri)
    .whereRef("seats.from_cursor", "<=", "events.cursor")
    .where((where) =>
      where.or([where("seats.to_cursor", "is", null), where("seats.to_cursor", ">=", where.ref("events.cursor"))]),
    );
}

function within(
  sizes: readonly { cursor: number; size: number }[],
  bounds: { limit: number; bytes: number },
): number[] {
  const cursors: number[] = [];
  let bytes = 0;
  for (const { cursor, size } of sizes.slice(0, bounds.limit)) {
    bytes += size;
    if (cursors.length > 0 && bytes > bounds.bytes) break;
    cursors.push(cursor);
  }
  return cursors;
}

/** The events at cursors that follow each other. */
async function eventsAt(store: Store, roomId: number, cursors: readonly number[]): Promise<LoggedEvent[]> {
  const rows = await store
    .selectFrom("events")
    .select(["cursor", "accepted_at", "epoch", "message", "external_pub"])
    .where("room_id", "=", roomId)
    .where("cursor", ">=", cursors[0] ?? 0)
    .where("cursor", "<=", cursors[cursors.length - 1] ?? 0)
    .orderBy("cursor")
    .execute();
  return rows.map((row) => ({
    cursor: row.cursor,
    acceptedAt: row.accepted_at,
    epoch: row.epoch,
    message: row.message,
    externalPub: row.external_pub,
  }));
}
