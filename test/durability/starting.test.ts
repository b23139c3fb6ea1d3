import assert from "node:assert/strict";
import { mkdir, mkdtemp, open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Kysely, Migrator } from "kysely";
import Database from "libsql";
import { libsqlDialect } from "../../provider/store/libsql-dialect.js";
import { migrations } from "../../provider/store/migrations.js";
import { ApiMember } from "../support/api-member.js";
import { ProviderChild } from "../support/provider-child.js";
import { startTestProvider } from "../support/provider-process.js";

describe("a provider's start", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "mimi-start-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("is refused on a data directory that another one uses, until that one is gone, however it went", async () => {
    const dataDir = join(folder, "two");
    const first = await ProviderChild.start({ dataDir });
    const second = await ProviderChild.create({ dataDir });
    await assert.rejects(second.start(), /another provider is running on this data directory/u);
    assert.equal((await fetch(`${first.url}/readyz`)).status, 200);
    await first.end("SIGKILL");
    await first.start();
    await assert.rejects(second.start(), /another provider is running on this data directory/u);
    assert.equal(await first.end("SIGTERM"), 0);
    await first.start();
    await first.dispose();
  });

  it("makes a database that only its owner may read, whoever may look into the folder", async () => {
    const dataDir = join(folder, "open");
    await mkdir(dataDir, { mode: 0o755 });
    const provider = await startTestProvider({ dataDir, assets: false });
    for (const end of ["", "-wal"]) assert.equal((await stat(provider.databasePath + end)).mode & 0o777, 0o600);
    await provider.stop();
  });

  it("is refused on what is no database, with a sentence", async () => {
    const dataDir = join(folder, "garbage");
    const first = await startTestProvider({ dataDir, assets: false });
    await first.stop();
    await writeFile(first.databasePath, "this is no database. ".repeat(1000));
    await assert.rejects(
      startTestProvider({ dataDir, assets: false }),
      /provider\.db is damaged .*: restore a backup/u,
    );
  });

  it("is refused on a damaged database, and leaves it as it is", async () => {
    const dataDir = join(folder, "damaged");
    const first = await startTestProvider({ dataDir, assets: false });
    const alice = await ApiMember.register(first.url, "Alice");
    await alice.createRoom("damaged");
    for (let turn = 0; turn < 40; turn++) await alice.say("x".repeat(2000));
    await first.stop();
    const file = await open(first.databasePath, "r+");
    const { size } = await file.stat();
    await file.write(Buffer.alloc(4096, 0xaa), 0, 4096, Math.floor(size / 2 / 4096) * 4096);
    await file.close();
    const before = await readFile(first.databasePath);
    await assert.rejects(
      startTestProvider({ dataDir, assets: false }),
      /provider\.db is damaged .*: restore a backup/u,
    );
    assert.ok(before.equals(await readFile(first.databasePath)));
  });

  for (const version of Object.keys(migrations).slice(0, -1)) {
    it(`goes on with the rooms of a database that a program at ${version} has written`, async () => {
      const now = join(folder, `now-${version}`);
      const first = await startTestProvider({ dataDir: now, assets: false });
      const [alice, bob] = await Promise.all(["Alice", "Bob"].map((name) => ApiMember.register(first.url, name)));
      assert.ok(alice && bob);
      await alice.createRoom("kept");
      await bob.join(alice.room);
      await alice.catchUp();
      await bob.catchUp();
      await alice.say("yesterday");
      await first.stop();

      const dataDir = join(folder, `then-${version}`);
      await writeAsOf(version, first.databasePath, dataDir);
      const second = await startTestProvider({
        dataDir,
        assets: false,
        port: Number(new URL(first.url).port),
        publicUrl: first.url,
      });
      assert.deepEqual(await bob.catchUp(), [{ kind: "application", text: "yesterday", sender: "Alice" }]);
      assert.equal((await bob.say("today")).status, 200);
      const carol = await ApiMember.register(second.url, "Carol");
      await carol.join(alice.room);
      assert.equal((await alice.catchUp()).length, 3);
      await second.stop();
    });
  }
});

/** Rooms with the columns of their groups, which stood with them up to 0002-key-packages. */
const ROOMS_WITH_GROUPS = `present.rooms LEFT JOIN
  (SELECT room_id AS of_room, epoch AS of_epoch, public_group, group_info, ratchet_tree FROM present.group_states)
  ON of_room = id AND of_epoch = epoch`;

/** What stands under another name since. */
const RENAMED: Readonly<Record<string, string>> = { provisional_commits: "provisional_events" };

/** Writes a database as a program that knew the migrations up to `version` did, with what stands in `database`. */
async function writeAsOf(version: string, database: string, dataDir: string): Promise<void> {
  await mkdir(dataDir);
  const path = join(dataDir, "provider.db");
  const old = new Kysely({ dialect: libsqlDialect(path) });
  const migrator = new Migrator({ db: old, provider: { getMigrations: async () => ({ ...migrations }) } });
  const { error } = await migrator.migrateTo(version);
  assert.equal(error, undefined);
  await old.destroy();

  const copy = new Database(path);
  copy.exec("PRAGMA foreign_keys = OFF");
  copy.exec(`ATTACH '${database}' AS present`);
  const tables = namesIn(copy, "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE '%kysely%'");
  for (const table of tables.filter((name) => !name.startsWith("sqlite_"))) {
    const columns = namesIn(copy, `SELECT name FROM pragma_table_info('${table}', 'main')`).join(", ");
    const source = table === "rooms" ? ROOMS_WITH_GROUPS : `present.${RENAMED[table] ?? table}`;
    copy.exec(`INSERT INTO main.${table} (${columns}) SELECT ${columns} FROM ${source}`);
  }
  copy.close();
}

function namesIn(database: Database.Database, sql: string): string[] {
  return database
    .prepare(sql)
    .all()
    .map((row) => (row as { name: string }).name);
}
