import { join } from "node:path";
import { openStore } from "../../provider/store/open-store.js";
import { toBase64Url } from "../../src/codec/bytes.js";
import type { LogLine } from "./killable-provider.js";

/** Reads what stands in the log of all rooms, by room and cursor, whether a provider runs on `dataDir` or not. */
export async function readLog(dataDir: string): Promise<LogLine[]> {
  const store = await openStore(join(dataDir, "provider.db"));
  try {
    const rows = await store
      .selectFrom("events")
      .innerJoin("rooms", "rooms.id", "events.room_id")
      .select(["rooms.room_uri", "events.cursor", "events.message_hash"])
      .orderBy("rooms.id")
      .orderBy("events.cursor")
      .execute();
    return rows.map((row) => ({ room: row.room_uri, cursor: row.cursor, hash: toBase64Url(row.message_hash) }));
  } finally {
    await store.destroy();
  }
}
