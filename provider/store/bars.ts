import type { Store } from "./schema.js";

/** Bars a user from a room until `until`, in milliseconds since 1970. */
export async function insertBar(store: Store, roomId: number, userUri: string, until: number): Promise<void> {
  await store
    .insertInto("bars")
    .values({ room_id: roomId, user_uri: userUri, until })
    .onConflict((conflict) => conflict.columns(["room_id", "user_uri"]).doUpdateSet({ until }))
    .execute();
}

/** Until when users are barred from a room. */
export async function barsOf(store: Store, roomId: number): Promise<ReadonlyMap<string, number>> {
  const rows = await store.selectFrom("bars").select(["user_uri", "until"]).where("room_id", "=", roomId).execute();
  return new Map(rows.map(({ user_uri, until }) => [user_uri, until]));
}

/** Forgets the bars that have ended. */
export async function forgetEndedBars(store: Store, now: number): Promise<void> {
  await store.deleteFrom("bars").where("until", "<=", now).execute();
}
