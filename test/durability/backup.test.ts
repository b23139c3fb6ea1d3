import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, open, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import Database from "libsql";
import { backUp, restore } from "../../provider/node/backup.js";
import { openStore } from "../../provider/store/open-store.js";
import { ApiMember } from "../support/api-member.js";
import { ProviderChild } from "../support/provider-child.js";
import { readLog } from "../support/read-log.js";
import { assertRefused } from "../support/refusals.js";

const run = promisify(execFile);
const now = new Date(1_700_000_000_000);

describe("a backup", () => {
  let folder: string;
  let provider: ProviderChild;
  let alice: ApiMember;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "mimi-backup-"));
    provider = await ProviderChild.start({ dataDir: join(folder, "data") });
    alice = await ApiMember.register(provider.url, "Alice");
    await alice.createRoom("copied");
  });
  after(async () => {
    await provider.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  it("is made by a command while the provider works, is whole, and is nobody else's to read", async () => {
    const file = join(folder, "first.db");
    let talking = true;
    const talk = (async () => {
      let said = 0;
      for (; talking; said++) assert.equal((await alice.say("x".repeat(1000))).status, 200);
      return said;
    })();
    const before = (await readLog(provider.dataDir)).length;
    const { stdout } = await command("backup", file);
    const after = (await readLog(provider.dataDir)).length;
    talking = false;
    assert.ok((await talk) > 0);
    assert.match(stdout, /first\.db: [0-9.]+ MB in [0-9.]+ s, read back and whole/u);
    assert.equal((await stat(file)).mode & 0o777, 0o600);

    const copied = await readLog(await asDataDir(file));
    assert.ok(copied.length >= before && copied.length <= after, `${before} ≤ ${copied.length} ≤ ${after}`);
    assert.deepEqual(copied, (await readLog(provider.dataDir)).slice(0, copied.length));
  });

  it("never takes the place of another file, and leaves nothing half made", async () => {
    const file = join(folder, "mine.txt");
    await writeFile(file, "mine");
    await assert.rejects(backUp(provider.dataDir, file), /is there already/u);
    await assert.rejects(backUp(join(folder, "nowhere"), join(folder, "x.db")), /there is no database/u);
    await assert.rejects(backUp(provider.dataDir, join(folder, "no", "such", "folder.db")));
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.includes(".part") || name === "x.db"),
      [],
    );
  });

  it("is not put in place under a running provider", async () => {
    const { stderr, code } = await failing("restore", join(folder, "first.db"));
    assert.equal(code, 1);
    assert.match(stderr, /another provider is running on this data directory/u);
    assert.equal((await alice.say("undisturbed")).status, 200);
  });

  it("is put in place by a command: the room goes on from there, the database from before is kept", async () => {
    const file = join(folder, "good.db");
    await alice.catchUp();
    await backUp(provider.dataDir, file);
    const { cursor } = alice;
    // Somebody who reads meanwhile keeps the log from being taken in: a kill leaves it beside the database then.
    const reader = new Database(join(provider.dataDir, "provider.db"));
    reader.exec("BEGIN");
    reader.prepare("SELECT count(*) FROM events").all();
    await alice.say("after the backup");
    await alice.catchUp();
    const [lost] = (await alice.page(cursor)).events;
    const whole = await readLog(provider.dataDir);
    await provider.end("SIGKILL");
    assert.ok((await stat(join(provider.dataDir, "provider.db-wal"))).size > 0);

    const { stdout } = await command("restore", file);
    reader.close();
    const [, kept] = /is kept: (\S+)/u.exec(stdout) ?? [];
    assert.ok(kept !== undefined, stdout);
    assert.deepEqual(await readLog(await asDataDir(kept)), whole, "with what its log had not taken in");
    await provider.start();
    assert.equal((await readLog(provider.dataDir)).length, cursor);
    assert.ok(lost);
    const hash = await hashOf(lost.message);
    await assertRefused(
      await alice.guest.request("GET", `${alice.path}/events?after=${cursor + 1}&hash=${hash}`),
      409,
      "logDiverged",
    );
    const answer = await alice.say("in its place");
    assert.equal(((await answer.json()) as { cursor: number }).cursor, cursor + 1);
    await assertRefused(
      await alice.guest.request("GET", `${alice.path}/events?after=${cursor + 1}&hash=${hash}`),
      409,
      "logDiverged",
    );
  });

  for (const [title, make, says] of [
    ["is no database", (file: string) => writeFile(file, "no database ".repeat(1000)), /not a database/u],
    ["is damaged", damage, /is damaged/u],
    ["another program has written", otherProgram, /not a provider's database/u],
    ["a newer version has written", newer, /newer version.*9999-later/u],
    ["is not there", async () => undefined, /there is no such file/u],
  ] as const) {
    it(`does not put in place what ${title}; the database stays as it is`, async () => {
      await provider.end("SIGTERM");
      const before = await readLog(provider.dataDir);
      const file = join(folder, `${title.replaceAll(" ", "-")}.db`);
      await make(file);
      await assert.rejects(restore(provider.dataDir, file, now), says);
      assert.deepEqual(await readLog(provider.dataDir), before);
      await provider.start();
    });
  }

  it("that was interrupted while it was put in place is finished before anything else is done", async () => {
    await provider.end("SIGTERM");
    const left = join(provider.dataDir, "provider.db.restored");
    await writeFile(left, "");
    await assert.rejects(provider.start(), /restore was interrupted: run it again/u);
    await rm(left);
    await provider.start();
  });

  async function damage(file: string): Promise<void> {
    await backUp(provider.dataDir, file);
    const handle = await open(file, "r+");
    const { size } = await handle.stat();
    await handle.write(Buffer.alloc(4096, 0xaa), 0, 4096, Math.floor(size / 2 / 4096) * 4096);
    await handle.close();
  }

  async function otherProgram(file: string): Promise<void> {
    const store = await openStore(file);
    await store.schema.dropTable("hub").execute();
    await store.destroy();
  }

  async function newer(file: string): Promise<void> {
    await backUp(provider.dataDir, file);
    const store = await openStore(file);
    const migration = { name: "9999-later", timestamp: "2099" };
    await store
      .withTables<{ kysely_migration: typeof migration }>()
      .insertInto("kysely_migration")
      .values(migration)
      .execute();
    await store.destroy();
  }

  /** A folder in which `file` is the database. */
  async function asDataDir(file: string): Promise<string> {
    const dataDir = await mkdtemp(join(folder, "copy-"));
    await restore(dataDir, file, now);
    return dataDir;
  }

  function command(name: "backup" | "restore", file: string) {
    return run(process.execPath, [`scripts/${name}.mjs`, file], {
      env: { ...process.env, DATA_DIR: provider.dataDir },
    });
  }

  async function failing(name: "backup" | "restore", file: string): Promise<{ stderr: string; code: number }> {
    return await command(name, file).then(
      () => assert.fail("it went well"),
      (error: { stderr: string; code: number }) => error,
    );
  }
});

async function hashOf(message: Uint8Array): Promise<string> {
  return Buffer.from(await crypto.subtle.digest("SHA-256", new Uint8Array(message))).toString("base64url");
}
