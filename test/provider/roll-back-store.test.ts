import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { sql } from "kysely";
import { ApiMember } from "../support/api-member.js";
import { AppStream } from "../support/app-stream.js";
import { postRefusal, refusalBody, refuse } from "../support/event-refusals.js";
import { openTestApp } from "../support/provider-app.js";
import { commitForged, contentsOf, provisionalCursors, roomOf } from "../support/provisional-room.js";
import { assertRefused } from "../support/refusals.js";

describe("A provisional commit in the store", () => {
  it("is still one that can be taken back, and its committer barred, after a restart", async () => {
    const directory = await mkdtemp(join(tmpdir(), "mimi-roll-back-"));
    const path = join(directory, "provider.db");
    let running = await openTestApp({ path });
    const [alice, bob] = await roomOf(running, "Alice", "Bob");
    assert.ok(alice && bob);
    const send = (request: Request) => running.fetch(request);
    const moved = await Promise.all(["Carol", "Dave"].map((name) => ApiMember.register(running.url, name, send)));
    const [carol, dave] = moved;
    assert.ok(carol && dave);
    for (const each of moved) {
      await each.join(alice.room);
      for (const reader of [alice, bob, ...moved].filter(({ group }) => group)) await reader.catchUp();
    }
    await alice.catchUp();
    assert.equal((await alice.say("welcome")).status, 200);
    for (const each of moved) await each.catchUp();
    const stored = await contentsOf(running, alice);
    const { commit } = await commitForged(dave);
    const provisional = await contentsOf(running, alice);

    await running.close();
    running = await openTestApp({ path });
    assert.deepEqual(await contentsOf(running, alice), provisional);
    const follower = await AppStream.follow(running, carol);
    assert.equal(follower.asked.length, 1);
    assert.equal(await refuse(carol, commit), "rolledBack");
    assert.deepEqual(await contentsOf(running, alice), stored);

    await running.close();
    running = await openTestApp({ path });
    assert.deepEqual(await contentsOf(running, alice), stored);
    const { rule } = await assertRefused(await dave.askForGroupInfo(), 403, "notAllowed");
    assert.equal(rule, "hub/barred");
    assert.equal((await carol.commit()).status, 200);
    await running.close();
    await rm(directory, { recursive: true });
  });

  it("is taken back wholly or not at all: where the disk fails the room stays, and who asks again is answered", async () => {
    const app = await openTestApp();
    const [alice, bob] = await roomOf(app, "Alice", "Bob");
    assert.ok(alice && bob);
    const stored = await contentsOf(app, alice);
    const { commit } = await commitForged(alice);
    const provisional = await contentsOf(app, alice);
    await sql`create trigger broken before delete on events begin select raise(abort, 'broken'); end`.execute(
      app.store,
    );
    await assertRefused(await postRefusal(bob, await refusalBody(bob, commit)), 500, "internal");
    assert.deepEqual(await contentsOf(app, alice), provisional);
    assert.deepEqual(await provisionalCursors(app, alice), [bob.cursor + 1]);
    await sql`drop trigger broken`.execute(app.store);
    assert.equal(await refuse(bob, commit), "rolledBack");
    assert.deepEqual(await contentsOf(app, alice), stored);
    await app.close();
  });
});
