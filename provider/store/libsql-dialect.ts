import type { SqliteDatabase, SqliteStatement } from "kysely";
import { SqliteDialect } from "kysely";
import Database from "libsql";
import { storeFaultOf } from "./store-fault.js";

const MAX_STATEMENTS = 200;

/** What libsql takes as a parameter. */
type Parameter = string | number | bigint | null | Uint8Array;

/**
 * A kysely dialect over libsql's embedded SQLite. Prepared statements are kept, since preparing costs more than running
 * most of ours; blobs come back as Uint8Array.
 *
 * @param path A file path, or `:memory:`.
 */
export function libsqlDialect(path: string): SqliteDialect {
  return new SqliteDialect({ database: openDatabase(path) });
}

function openDatabase(path: string): SqliteDatabase {
  const database = new Database(path);
  // WAL lets a reader in while a commit is written; FULL syncs every commit, so that what was answered survives a crash.
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = FULL");
  database.exec("PRAGMA foreign_keys = ON");
  // Waiting for another process stops this one: not for long, then the client is told to come again.
  database.exec("PRAGMA busy_timeout = 1000");
  const statements = new Map<string, SqliteStatement>();
  return {
    prepare(sql) {
      const kept = statements.get(sql);
      if (kept !== undefined) return kept;
      const statement = sql === "rollback" ? rollback(database) : prepare(database, sql);
      if (statements.size >= MAX_STATEMENTS) statements.clear();
      statements.set(sql, statement);
      return statement;
    },
    close() {
      statements.clear();
      try {
        database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      } catch (error) {
        // where the disk has no room, the log stays as it is and is taken in later
        if (storeFaultOf(error) === undefined) throw error;
      } finally {
        database.close();
      }
    },
  };
}

function prepare(database: Database.Database, sql: string): SqliteStatement {
  const statement = database.prepare<[Parameter[]]>(sql);
  // Parameters go in as one list: libsql takes a single octet string for an object of named ones, and ends the process.
  return {
    reader: statement.reader,
    all: (parameters) => statement.all(parameters.map(parameterOf)).map(withBytes),
    run: (parameters) => statement.run(parameters.map(parameterOf)),
    *iterate(parameters) {
      for (const row of statement.iterate(parameters.map(parameterOf))) yield withBytes(row);
    },
  };
}

/**
 * SQLite itself rolls back a transaction that the disk has no room for. Undoing it once more is an error, which would stand
 * before the one that tells what has happened.
 */
function rollback(database: Database.Database): SqliteStatement {
  return {
    reader: false,
    all: () => [],
    run() {
      if (database.inTransaction) database.exec("ROLLBACK");
      return { changes: 0, lastInsertRowid: 0 };
    },
    *iterate() {},
  };
}

function parameterOf(value: unknown): Parameter {
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint" || value === null)
    return value;
  if (value instanceof Uint8Array) return value;
  throw new TypeError(`a ${typeof value} is no SQL parameter`);
}

function withBytes(row: unknown): unknown {
  if (typeof row !== "object" || row === null) return row;
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      value instanceof ArrayBuffer ? new Uint8Array(value) : value,
    ]),
  );
}
