import { Kysely, Migrator, sql } from "kysely";
import { libsqlDialect } from "./libsql-dialect.js";
import { migrations } from "./migrations.js";
import type { Schema, Store } from "./schema.js";

/**
 * Opens the database and brings its schema up to date. Close it with `store.destroy()`.
 *
 * @param path A file path, made when it is not there; or `:memory:`.
 * @throws Error when a newer program has changed the schema already, or a migration fails.
 */
export async function openStore(path: string): Promise<Store> {
  const store = new Kysely<Schema>({ dialect: libsqlDialect(path) });
  try {
    await migrate(store, path);
    return store;
  } catch (error) {
    await store.destroy();
    throw error;
  }
}

/** Rejects unless the database answers. */
export async function probe(store: Store): Promise<void> {
  await sql`select 1`.execute(store);
}

/** Whether an error says that another process holds the database: trying again helps. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && "code" in error && /^SQLITE_(?:BUSY|LOCKED)/u.test(String(error.code));
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
