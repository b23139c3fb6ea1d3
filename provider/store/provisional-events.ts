import { decode, encode, opaque, struct, uint32, uint64, uri, vector } from "../../src/codec/tls.js";
import type { Client } from "./clients.js";
import { pruneStates } from "./group-states.js";
import { insertProposal, type StoredProposal } from "./rooms.js";
import type { Store } from "./schema.js";

/** `struct { Uri client; opaque signature_key<V>; } Speaker; Speaker speakers<V>;` */
const speakerList = vector(struct({ client: uri, signatureKey: opaque }));

/** `struct { uint32 leaf_index; uint64 accepted_at; opaque message<V>; } WaitingProposal; WaitingProposal proposals<V>;` */
const proposalList = vector(struct({ leafIndex: uint32, acceptedAt: uint64, message: opaque }));

/** A commit or proposal in a room's log that no member has taken yet (docs/adr/0015-provisional-commits.md). */
export interface ProvisionalEvent {
  readonly cursor: number;
  /** SHA-256 of its MLSMessage. */
  readonly messageHash: Uint8Array;
  readonly acceptedAt: number;
  /** The epoch that it was made in. */
  readonly epoch: number;
  readonly author: Client;
  /** The clients that may speak for it, each with its leaf's signature key in that epoch. */
  readonly speakers: ReadonlyMap<string, Uint8Array>;
}

/**
 * Writes a provisional event, and with it what stands before it, whose group is kept from then on: called in the event's transaction,
 * when it is in the log and nothing else of the room has changed.
 */
export async function insertProvisional(
  store: Store,
  roomId: number,
  { cursor, author, speakers }: ProvisionalEvent,
  proposals: readonly StoredProposal[],
): Promise<void> {
  const listed = Array.from(speakers, ([client, signatureKey]) => ({ client, signatureKey }));
  const waiting = proposals.map(({ acceptedAt, ...rest }) => ({ ...rest, acceptedAt: BigInt(acceptedAt) }));
  await store
    .insertInto("provisional_events")
    .columns(["room_id", "cursor", "client_uri", "user_uri", "speakers", "proposals", "last_seat", "policy", "epoch"])
    .expression(({ selectFrom, val }) =>
      selectFrom("rooms")
        .select((room) => [
          "rooms.id",
          val(cursor).as("cursor"),
          val(author.clientUri).as("client_uri"),
          val(author.userUri).as("user_uri"),
          val(encode(speakerList, listed)).as("speakers"),
          val(encode(proposalList, waiting)).as("proposals"),
          room
            .selectFrom("seats")
            .select(({ fn }) => fn.max("seats.id").as("id"))
            .whereRef("seats.room_id", "=", "rooms.id")
            .as("last_seat"),
          "rooms.policy",
          "rooms.epoch",
        ])
        .where("rooms.id", "=", roomId),
    )
    .execute();
}

/** A room's provisional events, the oldest first. */
export async function provisionalEvents(store: Store, roomId: number): Promise<ProvisionalEvent[]> {
  const rows = await store
    .selectFrom("provisional_events as provisional")
    .innerJoin("events", (join) =>
      join.onRef("events.room_id", "=", "provisional.room_id").onRef("events.cursor", "=", "provisional.cursor"),
    )
    .select([
      "provisional.cursor",
      "message_hash",
      "accepted_at",
      "provisional.epoch",
      "client_uri",
      "user_uri",
      "speakers",
    ])
    .where("provisional.room_id", "=", roomId)
    .orderBy("provisional.cursor")
    .execute();
  return rows.map((row) => ({
    cursor: row.cursor,
    messageHash: row.message_hash,
    acceptedAt: row.accepted_at,
    epoch: row.epoch,
    author: { clientUri: row.client_uri, userUri: row.user_uri },
    speakers: new Map(decode(speakerList, row.speakers).map(({ client, signatureKey }) => [client, signatureKey])),
  }));
}

/** Lets events stand: what was before them is forgotten. */
export async function forgetProvisional(store: Store, roomId: number, cursors: readonly number[]): Promise<void> {
  if (cursors.length === 0) return;
  await store.deleteFrom("provisional_events").where("room_id", "=", roomId).where("cursor", "in", cursors).execute();
  await pruneStates(store, roomId);
}

/** Lets all events stand that were accepted by `acceptedAt`. */
export async function forgetLapsed(store: Store, acceptedAt: number): Promise<void> {
  const lapsed = await store
    .selectFrom("provisional_events as provisional")
    .innerJoin("events", (join) =>
      join.onRef("events.room_id", "=", "provisional.room_id").onRef("events.cursor", "=", "provisional.cursor"),
    )
    .select(["provisional.room_id", "provisional.cursor"])
    .where("accepted_at", "<=", acceptedAt)
    .execute();
  for (const { room_id, cursor } of lapsed) {
    await store.transaction().execute((tx) => forgetProvisional(tx, room_id, [cursor]));
  }
}

/**
 * Takes a provisional event, and every event after it, out of the log: the room is as it was before, to the octet. The
 * caller's transaction makes it durable.
 */
export async function takeBack(store: Store, roomId: number, cursor: number): Promise<void> {
  const { policy, epoch, proposals, last_seat } = await store
    .selectFrom("provisional_events")
    .select(["policy", "epoch", "proposals", "last_seat"])
    .where("room_id", "=", roomId)
    .where("cursor", "=", cursor)
    .executeTakeFirstOrThrow();
  await store
    .updateTable("rooms")
    .set({ policy, epoch, last_cursor: cursor - 1 })
    .where("id", "=", roomId)
    .execute();
  await store.deleteFrom("proposals").where("room_id", "=", roomId).execute();
  for (const { acceptedAt, ...proposal } of decode(proposalList, proposals)) {
    await insertProposal(store, roomId, { ...proposal, acceptedAt: Number(acceptedAt) });
  }
  await store.deleteFrom("seats").where("room_id", "=", roomId).where("id", ">", last_seat).execute();
  await store
    .updateTable("seats")
    .set({ to_cursor: null })
    .where("room_id", "=", roomId)
    .where("to_cursor", ">=", cursor)
    .execute();
  // what was provisional after it goes with its event
  await store.deleteFrom("events").where("room_id", "=", roomId).where("cursor", ">=", cursor).execute();
  await pruneStates(store, roomId);
}
