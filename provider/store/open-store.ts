import { Kysely, Migrator, type SqliteDialect, sql } from "kysely";
import { libsqlDialect } from "./libsql-dialect.js";
import { migrations } from "./migrations.js";
import type { Schema, Store } from "./schema.js";
import { storeFaultOf } from "./store-fault.js";

/**
 * Opens the database and brings its schema up to date. Close it with `store.destroy()`.
 *
 * @param path A file path, made when it is not there; or `:memory:`.
 * @throws Error when it is damaged, when a newer program has changed the schema already, or when a migration fails.
 */
export async function openStore(path: string): Promise<Store> {
  const store = new Kysely<Schema>({ dialect: openDialect(path) });
  try {
    await checkWhole(store, path);
    await migrate(store, path);
    return store;
  } catch (error) {
    await store.destroy().catch(() => undefined);
    throw storeFaultOf(error) === "damaged" ? damaged(path, error) : error;
  }
}

/** Rejects unless the database answers. */
export async function probe(store: Store): Promise<void> {
  await sql`select 1`.execute(store);
}

/** Rejects unless the database can be written: writes what is there already. */
export async function probeWrite(store: Store): Promise<void> {
  await sql`update hub set domain = domain`.execute(store);
}

function openDialect(path: string): SqliteDialect {
  try {
    return libsqlDialect(path);
  } catch (error) {
    throw storeFaultOf(error) === "damaged" ? damaged(path, error) : error;
  }
}

/** Reads the whole database once, which takes about a second a gigabyte: what is damaged is not to be built upon. */
async function checkWhole(store: Store, path: string): Promise<void> {
  const { rows } = await sql<{ quick_check: string }>`pragma quick_check(1)`.execute(store);
  const found = rows[0]?.quick_check;
  if (found !== "ok") throw damaged(path, found);
}

function damaged(path: string, found: unknown): Error {
  const detail = (found instanceof Error ? found.message : String(found)).replaceAll(/\s+/gu, " ");
  return new Error(`${path} is damaged (${detail}): restore a backup of it (docs/operating.md, "Backup")`);
}

async function migrate(store: Store, path: string): Promise<void> {
  const migrator = new Migrator({ db: store, provider: { getMigrations: async () => ({ ...migrations }) } });
  const unknown = (await executedMigrations(store)).filter((name) => !(name in migrations));
  if (unknown.length > 0) {
    throw new Error(
      `${path} was written by a newer version of this program (${unknown.join(", ")}); update the program`,
    );
  }
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error instanceof Error ? error : new Error(String(error));
}

async function executedMigrations(store: Store): Promise<string[]> {
  const tables = await store.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === "kysely_migration")) return [];
  const rows = await store
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom("kysely_migration")
    .select("name")
    .execute();
  return rows.map(({ name }) => name);
}
