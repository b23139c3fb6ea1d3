import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { EntryRecord, GroupRecord, IdentityRecord, OutboxRecord } from "./records.js";

/** One database a seat. `engine` holds settings by name; identity, group and cursor are one value each. */
export interface MimiSchema extends DBSchema {
  engine: { key: "generation" | "suggestedNickname"; value: number | string };
  identity: { key: "identity"; value: IdentityRecord };
  groups: { key: "group"; value: GroupRecord };
  cursors: { key: "cursor"; value: number };
  timeline: { key: string; value: EntryRecord; indexes: { order: number } };
  outbox: { key: string; value: OutboxRecord };
}

export type MimiDatabase = IDBPDatabase<MimiSchema>;

const VERSION = 1;

/** Opens a seat's database, and makes it when it is not there. */
export function openDatabase(name: string): Promise<MimiDatabase> {
  return openDB<MimiSchema>(name, VERSION, {
    upgrade(database, from) {
      if (from > 0) return;
      database.createObjectStore("engine");
      database.createObjectStore("identity");
      database.createObjectStore("groups");
      database.createObjectStore("cursors");
      database.createObjectStore("timeline", { keyPath: "id" }).createIndex("order", "order");
      database.createObjectStore("outbox", { keyPath: "id" });
    },
    // A later version of this code in another tab wants to upgrade: letting go is better than blocking it.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });
}
