import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Kysely, Migrator, sql } from "kysely";
import { eventsFor } from "../../provider/store/events.js";
import { libsqlDialect } from "../../provider/store/libsql-dialect.js";
import { migrations } from "../../provider/store/migrations.js";
import { openStore } from "../../provider/store/open-store.js";
import { provisionalEvents, takeBack } from "../../provider/store/provisional-events.js";
import { findRoom, pendingProposals } from "../../provider/store/rooms.js";

describe("a database of a version without provisional commits", () => {
  it("keeps its rooms and their log: its commits stand, and are delivered without external_pub", async () => {
    const directory = await mkdtemp(join(tmpdir(), "mimi-migration-"));
    const path = join(directory, "provider.db");
    const old = new Kysely<unknown>({ dialect: libsqlDialect(path) });
    const migrator = new Migrator({ db: old, provider: { getMigrations: async () => ({ ...migrations }) } });
    const { error } = await migrator.migrateTo("0002-key-packages");
    assert.equal(error, undefined);
    await sql`insert into rooms (room_uri, origins, policy, last_cursor, start_hash, start_cursor, created_at,
        group_id, epoch, public_group, group_info, ratchet_tree)
      values ('mimi://p.example/r/old', '[]', x'01', 1, x'02', 0, 5, x'06', 1, x'07', x'08', x'09'),
        ('mimi://p.example/r/empty', '[]', x'01', 0, x'02', 0, 5, null, null, null, null, null)`.execute(old);
    await sql`insert into seats (room_id, client_uri, from_cursor) values (1, 'mimi://p.example/d/a/1', 1)`.execute(
      old,
    );
    await sql`insert into events (room_id, cursor, accepted_at, epoch, message_hash, message)
      values (1, 1, 6, 1, x'03', x'0405')`.execute(old);
    await old.destroy();

    const store = await openStore(path);
    const bounds = { limit: 10, bytes: 1000 };
    const page = await eventsFor(store, { roomId: 1, clientUri: "mimi://p.example/d/a/1" }, 0, bounds);
    const event = { cursor: 1, acceptedAt: 6, epoch: 1, message: Uint8Array.of(4, 5), externalPub: new Uint8Array() };
    assert.deepEqual(structuredClone(page), { events: [event], more: false });
    assert.deepEqual(await provisionalEvents(store, 1), []);
    const [room, empty] = [
      await findRoom(store, "mimi://p.example/r/old"),
      await findRoom(store, "mimi://p.example/r/empty"),
    ];
    const [groupId, publicGroup, groupInfo, ratchetTree] = [6, 7, 8, 9].map((octet) => Uint8Array.of(octet));
    assert.deepEqual(structuredClone(room?.group), { groupId, epoch: 1n, publicGroup, groupInfo, ratchetTree });
    assert.ok(empty !== undefined && empty.group === undefined);
    await store.destroy();
    await rm(directory, { recursive: true });
  });
});

describe("a database of a version without provisional proposals", () => {
  it("keeps its provisional commits, which can be taken back, and its proposals", async () => {
    const directory = await mkdtemp(join(tmpdir(), "mimi-migration-"));
    const path = join(directory, "provider.db");
    const old = new Kysely<unknown>({ dialect: libsqlDialect(path) });
    const migrator = new Migrator({ db: old, provider: { getMigrations: async () => ({ ...migrations }) } });
    const { error } = await migrator.migrateTo("0003-provisional-commits");
    assert.equal(error, undefined);
    await sql`insert into rooms (room_uri, origins, policy, last_cursor, start_hash, start_cursor, created_at, group_id, epoch)
      values ('mimi://p.example/r/old', '[]', x'0a', 2, x'02', 0, 5, x'06', 1)`.execute(old);
    await sql`insert into group_states (room_id, epoch, public_group, group_info, ratchet_tree)
      values (1, 0, x'10', x'11', x'12'), (1, 1, x'13', x'14', x'15')`.execute(old);
    await sql`insert into seats (room_id, client_uri, from_cursor) values (1, 'mimi://p.example/d/a/1', 1)`.execute(
      old,
    );
    await sql`insert into events (room_id, cursor, accepted_at, epoch, message_hash, message)
      values (1, 1, 6, 1, x'03', x'04'), (1, 2, 7, 1, x'05', x'06')`.execute(old);
    await sql`insert into proposals (room_id, leaf_index, accepted_at, message) values (1, 3, 7, x'06')`.execute(old);
    await sql`insert into provisional_commits
        (room_id, cursor, client_uri, user_uri, speakers, last_seat, proposals, policy, epoch)
      values (1, 1, 'mimi://p.example/d/a/1', 'mimi://p.example/u/a', x'00', 1, x'00', x'09', 0)`.execute(old);
    await old.destroy();

    const store = await openStore(path);
    const [commit, ...others] = await provisionalEvents(store, 1);
    assert.deepEqual(others, []);
    assert.deepEqual(structuredClone(commit), {
      cursor: 1,
      messageHash: Uint8Array.of(3),
      acceptedAt: 6,
      epoch: 0,
      author: { clientUri: "mimi://p.example/d/a/1", userUri: "mimi://p.example/u/a" },
      speakers: new Map(),
    });
    assert.equal((await pendingProposals(store, 1)).length, 1);
    await store.transaction().execute((tx) => takeBack(tx, 1, 1));
    const room = await findRoom(store, "mimi://p.example/r/old");
    assert.deepEqual(structuredClone([room?.lastCursor, room?.group?.epoch, room?.policy]), [0, 0n, Uint8Array.of(9)]);
    assert.deepEqual([await provisionalEvents(store, 1), await pendingProposals(store, 1)], [[], []]);
    await store.destroy();
    await rm(directory, { recursive: true });
  });
});
