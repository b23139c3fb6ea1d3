import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Acceptance } from "../codec/leaf-extensions.js";
import { MIGRATIONS, type Migration } from "./migrations.js";
import type {
  CursorRecord,
  EntryRecord,
  GroupRecord,
  IdentityRecord,
  KeyPackageRecord,
  OutboxRecord,
} from "./records.js";
import { type SeatEnd, Superseded } from "./superseded.js";

/** One database a seat. `engine` holds settings by name; identity, group (in two parts) and cursor are one value each. */
export interface MimiSchema extends DBSchema {
  engine: { key: "generation" | "suggestedNickname" | "acceptance"; value: number | string | Acceptance };
  identity: { key: "identity"; value: IdentityRecord };
  groups: { key: "group" | "publicPart"; value: GroupRecord | Uint8Array };
  cursors: { key: "cursor"; value: CursorRecord };
  timeline: { key: string; value: EntryRecord; indexes: { order: number } };
  outbox: { key: string; value: OutboxRecord };
  keyPackages: { key: string; value: KeyPackageRecord };
}

export type MimiDatabase = IDBPDatabase<MimiSchema>;

/**
 * Opens a seat's database; makes it when it is not there, and brings one of an earlier version up to date, wholly or not
 * at all. `ended` is told when the connection is closed by somebody else. Throws Superseded when a later version of this
 * code has been here, else what the browser throws.
 */
export async function openDatabase(
  name: string,
  migrations: readonly Migration[] = MIGRATIONS,
  ended: (why: SeatEnd) => void = () => {},
): Promise<MimiDatabase> {
  try {
    const database = await openDB(name, migrations.length, {
      upgrade: (opened, from, _to, transaction) => void migrate(opened, transaction, migrations.slice(from)),
      // Somebody wants to upgrade or to delete it: letting go is better than blocking them.
      blocking(_current, wanted, event) {
        (event.target as IDBDatabase).close();
        ended(wanted === null ? "gone" : "outdated");
      },
      terminated: () => ended("gone"),
    });
    return database as MimiDatabase;
  } catch (error) {
    throw error instanceof DOMException && error.name === "VersionError" ? new Superseded("outdated") : error;
  }
}

/** Half a migration is none: what throws takes the whole upgrade back, and with it the opening fails. */
async function migrate(
  database: Parameters<Migration>[0],
  transaction: Parameters<Migration>[1],
  migrations: readonly Migration[],
): Promise<void> {
  try {
    for (const migration of migrations) await migration(database, transaction);
  } catch {
    transaction.done.catch(() => {});
    transaction.abort();
  }
}
