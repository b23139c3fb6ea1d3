import type { Store } from "./schema.js";

/** Seats `clients` from the event `cursor` on. */
export async function seat(store: Store, roomId: number, clients: readonly string[], cursor: number): Promise<void> {
  for (const clientUri of clients) {
    await store
      .insertInto("seats")
      .values({ room_id: roomId, client_uri: clientUri, from_cursor: cursor, to_cursor: null })
      .execute();
  }
}

/** Ends the seats of `clients` with the event `cursor`, which they still get. */
export async function unseat(store: Store, roomId: number, clients: readonly string[], cursor: number): Promise<void> {
  for (const clientUri of clients) {
    await store
      .updateTable("seats")
      .set({ to_cursor: cursor })
      .where("room_id", "=", roomId)
      .where("client_uri", "=", clientUri)
      .where("to_cursor", "is", null)
      .execute();
  }
}

/** `open`: seated now. `ended`: was seated once. `none`: never was. */
export type Standing = "open" | "ended" | "none";

export async function standingOf(store: Store, roomId: number, clientUri: string): Promise<Standing> {
  const rows = await store
    .selectFrom("seats")
    .select("to_cursor")
    .where("room_id", "=", roomId)
    .where("client_uri", "=", clientUri)
    .execute();
  if (rows.length === 0) return "none";
  return rows.some(({ to_cursor }) => to_cursor === null) ? "open" : "ended";
}

/** Whether a client is seated, and was so without a break since the event `cursor`. */
export async function isSeatedSince(store: Store, roomId: number, clientUri: string, cursor: number): Promise<boolean> {
  const row = await store
    .selectFrom("seats")
    .select("id")
    .where("room_id", "=", roomId)
    .where("client_uri", "=", clientUri)
    .where("to_cursor", "is", null)
    // a seat begins before what its client may speak for, a creator's with the first event
    .where("from_cursor", "<=", cursor)
    .executeTakeFirst();
  return row !== undefined;
}
