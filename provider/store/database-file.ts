import Database from "libsql";
import { migrations } from "./migrations.js";

/** Waiting for the provider that writes meanwhile, in milliseconds. */
const PATIENCE_MS = 10_000;

/**
 * Writes a copy of the database at `path` into the new file `copy`: as it is at one moment, while whoever has it open goes on
 * reading and writing. Throws when there is no database, or `copy` is there already.
 */
export function copyDatabase(path: string, copy: string): void {
  withDatabase(path, (database) => {
    database.exec(`PRAGMA busy_timeout = ${PATIENCE_MS}`);
    database.prepare<[string[]]>("VACUUM INTO ?").run([copy]);
  });
}

/** Has the database at `path` take in the log beside it, which is gone then. */
export function takeIn(path: string): void {
  withDatabase(path, (database) => {
    database.prepare("PRAGMA journal_mode = DELETE").all();
  });
}

/**
 * Reads the whole database at `path`. Throws an Error that says what is wrong when it is damaged, is no provider's, or was
 * written by a newer version of this program.
 */
export function checkDatabase(path: string): void {
  withDatabase(path, (database) => {
    const [problem] = rows(database, "PRAGMA integrity_check(1)", "integrity_check");
    if (problem !== "ok") throw new Error(`${path} is damaged: ${problem}`);
    const tables = rows(database, "SELECT name FROM sqlite_schema WHERE type = 'table'", "name");
    if (!tables.includes("kysely_migration") || !tables.includes("hub")) {
      throw new Error(`${path} is not a provider's database`);
    }
    const newer = rows(database, "SELECT name FROM kysely_migration", "name").filter((name) => !(name in migrations));
    if (newer.length > 0) {
      throw new Error(
        `${path} was written by a newer version of this program (${newer.join(", ")}); update the program`,
      );
    }
  });
}

function withDatabase(path: string, work: (database: Database.Database) => void): void {
  const database = new Database(path, { fileMustExist: true });
  try {
    work(database);
  } finally {
    database.close();
  }
}

function rows(database: Database.Database, sql: string, column: string): string[] {
  return database
    .prepare(sql)
    .all()
    .map((row) => String((row as Readonly<Record<string, unknown>>)[column]));
}
