import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { stageCommit } from "../../src/mls/commit.js";
import { ApiMember } from "../support/api-member.js";
import { AppStream } from "../support/app-stream.js";
import { postRefusal, refusalBody, refuse } from "../support/event-refusals.js";
import { openTestApp, type TestApp } from "../support/provider-app.js";
import { acknowledge, contentsOf, leaveForged, provisionalCursors, roomOf } from "../support/provisional-room.js";
import { assertRefused } from "../support/refusals.js";

describe("A proposal to leave that a member refuses", () => {
  let app: TestApp;
  const streams: AppStream[] = [];
  before(async () => {
    app = await openTestApp({ rates: { updatesPerClient: { points: 1000, seconds: 1 } } });
  });
  after(async () => {
    for (const stream of streams) stream.hangUp();
    await app.close();
  });

  it("is taken back, and its sender neither proposes nor commits nor comes again for an hour: a room of two goes on", async () => {
    const [alice, mallory] = await room("Alice", "Mallory");
    const stored = await contentsOf(app, alice);
    const proposal = await leaveForged(mallory);
    assert.deepEqual(await provisionalCursors(app, alice), [alice.cursor + 1]);
    assert.equal(await refuse(alice, proposal), "rolledBack");
    assert.deepEqual(await contentsOf(app, alice), stored);
    const barred = async () => {
      for (const response of [
        await mallory.selfRemove(),
        await mallory.offer(await mallory.stageUpdate()),
        await mallory.askForGroupInfo(),
      ]) {
        const { rule } = await assertRefused(response, 403, "notAllowed");
        assert.equal(rule, "hub/barred");
      }
    };
    const again = await assertRefused(await mallory.propose(proposal), 403, "notAllowed");
    assert.equal(again.rule, "hub/barred");
    await barred();
    assert.equal((await alice.commit()).status, 200);
    for (const each of [alice, mallory]) await each.catchUp();
    assert.equal((await alice.say("we go on")).status, 200);
    app.pass(60 * 60_000 - 1);
    await barred();
    app.pass(1);
    assert.equal((await mallory.selfRemove()).status, 200);
    await alice.catchUp();
    assert.equal((await alice.commit()).status, 200);
    await assertRefused(await mallory.say("I have left"), 403, "notSeated");
  });

  it("takes what stands on it along: who joined from outside, and what was said beside it", async () => {
    const [alice, bob, mallory] = await room("Alice", "Bob", "Mallory");
    const stored = await contentsOf(app, alice);
    const proposal = await leaveForged(mallory);
    assert.equal((await bob.say("unseen")).status, 200);
    const erin = await ApiMember.register(app.url, "Erin", app.fetch);
    await erin.join(alice.room);
    await erin.catchUp();
    assert.equal((await erin.say("hello?")).status, 200);
    const first = alice.cursor + 1;
    assert.deepEqual(await provisionalCursors(app, alice), [first, first + 2]);
    assert.equal(await refuse(alice, proposal), "rolledBack");
    assert.deepEqual(await contentsOf(app, alice), stored);
    await assertRefused(await erin.say("where are you?"), 403, "notSeated");
    await erin.join(alice.room);
    await alice.catchUp();
    assert.equal((await alice.say("hello Erin")).status, 200);
    assert.deepEqual((await erin.catchUp()).at(-1), { kind: "application", text: "hello Erin", sender: "Alice" });
  });

  it("leaves those that came before it, with the words that were said about them", async () => {
    const [alice, bob, carol, mallory] = await room("Alice", "Bob", "Carol", "Mallory");
    assert.equal((await carol.selfRemove()).status, 200);
    for (const each of [alice, bob]) await each.catchUp();
    await acknowledge(app, bob);
    const stored = await contentsOf(app, alice);
    assert.equal(await refuse(alice, await leaveForged(mallory)), "rolledBack");
    assert.deepEqual(await contentsOf(app, alice), stored);
    assert.equal((await bob.commit()).status, 200);
    await alice.catchUp();
    assert.equal((await alice.say("without Carol")).status, 200);
    await assertRefused(await carol.say("still here?"), 403, "notSeated");
  });

  it("stands when another has followed it: who lies about a good one harms nobody", async () => {
    const [alice, bob, carol, liar] = await room("Alice", "Bob", "Carol", "Liar");
    const stream = await follow(bob);
    const proposal = await goodLeave(carol);
    assert.equal(stream.asked.length, 1);
    const waiting = refuse(liar, proposal);
    while (!app.lines.some(({ msg, room: uri }) => msg === "event refused" && uri === alice.room)) await turn();
    await stream.acknowledge();
    assert.equal(await waiting, "acknowledged");
    await alice.catchUp();
    assert.equal((await alice.commit()).status, 200);
    await assertRefused(await carol.say("I have left"), 403, "notSeated");
    assert.equal((await carol.askForGroupInfo()).status, 200);
  });

  it("has no veto from its sender, from a stranger, or in another's name", async () => {
    const [alice, bob, carol] = await room("Alice", "Bob", "Carol");
    const proposal = await goodLeave(carol);
    for (const [who, signer, status, code] of [
      [carol, carol, 403, "notAllowed"],
      [bob, alice, 422, "invalidRefusal"],
    ] as const) {
      await assertRefused(await postRefusal(who, await refusalBody(who, proposal, { signer })), status, code);
    }
    assert.equal((await provisionalCursors(app, alice)).length, 1);
  });

  it("is not taken by who speaks beside it, but by who commits it", async () => {
    const [alice, bob, carol] = await room("Alice", "Bob", "Carol");
    const proposal = await goodLeave(carol);
    const at = alice.cursor + 1;
    assert.equal((await bob.say("I have not read it yet")).status, 200);
    assert.deepEqual(await provisionalCursors(app, alice), [at]);
    await alice.catchUp();
    assert.equal((await alice.commit()).status, 200);
    assert.deepEqual(await provisionalCursors(app, alice), [at + 2]);
    assert.equal(await refuse(bob, proposal), "acknowledged");
  });

  it("is not taken by a commit that takes its sender out without it, but by who speaks after that", async () => {
    const [alice, bob, carol] = await room("Alice", "Bob", "Carol");
    await goodLeave(carol);
    const at = alice.cursor + 1;
    const proposals = [{ kind: "remove", removed: carol.joined().ownLeafIndex }] as const;
    const kick = await stageCommit(alice.guest.crypto, alice.joined(), { proposals, references: [] });
    assert.equal((await alice.offer(kick)).status, 200);
    assert.deepEqual(await provisionalCursors(app, alice), [at, at + 1]);
    await bob.catchUp();
    assert.equal((await bob.say("I follow both")).status, 200);
    assert.deepEqual(await provisionalCursors(app, alice), []);
  });

  it("cannot be refused by whom a commit removes that carries it: that would undo the removal", async () => {
    const [alice, bob, carol] = await room("Alice", "Bob", "Carol");
    const proposal = await goodLeave(carol);
    await alice.catchUp();
    const removed = bob.joined().ownLeafIndex;
    const references = [proposal];
    const kick = await stageCommit(alice.guest.crypto, alice.joined(), {
      proposals: [{ kind: "remove", removed }],
      references,
    });
    assert.equal((await alice.offer(kick)).status, 200);
    assert.equal(await refuse(bob, proposal), "acknowledged");
    await assertRefused(await bob.say("I am back"), 403, "notSeated");
  });

  it("stands after ten minutes without anybody's word", async () => {
    const [alice, bob, carol] = await room("Alice", "Bob", "Carol");
    const proposal = await goodLeave(carol);
    app.pass(10 * 60_000 - 1);
    assert.equal((await provisionalCursors(app, alice)).length, 1);
    app.pass(1);
    assert.equal(await refuse(bob, proposal), "acknowledged");
    await alice.catchUp();
    assert.equal((await alice.commit()).status, 200);
  });

  it("does not come to stand because others leave on top of it", async () => {
    const small = await openTestApp({ limits: { provisionalEvents: 2 } });
    const [alice, bob, carol, dave, mallory] = await roomOf(small, "Alice", "Bob", "Carol", "Dave", "Mallory");
    assert.ok(alice && bob && carol && dave && mallory);
    // she is silent, so that it is not decided at once
    const stream = await AppStream.follow(small, bob);
    const waiting = refuse(alice, await leaveForged(mallory));
    while (!small.lines.some(({ msg }) => msg === "event refused")) await turn();
    assert.equal((await carol.selfRemove()).status, 200);
    await assertRefused(await dave.selfRemove(), 429, "rateLimited");
    small.pass(3000);
    assert.equal(await waiting, "rolledBack");
    assert.equal((await dave.selfRemove()).status, 200);
    stream.hangUp();
    await small.close();
  });

  it("is still one that can be taken back after a restart", async () => {
    const directory = await mkdtemp(join(tmpdir(), "mimi-refuse-proposal-"));
    const path = join(directory, "provider.db");
    let running = await openTestApp({ path });
    const [alice] = await roomOf(running, "Alice");
    assert.ok(alice);
    const send = (request: Request) => running.fetch(request);
    const [bob, mallory] = await Promise.all(
      ["Bob", "Mallory"].map((name) => ApiMember.register(running.url, name, send)),
    );
    assert.ok(bob && mallory);
    for (const joiner of [bob, mallory]) {
      await joiner.join(alice.room);
      for (const each of [alice, bob, mallory].filter(({ group }) => group)) await each.catchUp();
    }
    await acknowledge(running, bob);
    assert.equal((await alice.say("welcome")).status, 200);
    for (const each of [alice, bob, mallory]) await each.catchUp();
    const stored = await contentsOf(running, alice);
    const proposal = await leaveForged(mallory);
    const provisional = await contentsOf(running, alice);
    await running.close();
    running = await openTestApp({ path });
    assert.deepEqual(await contentsOf(running, alice), provisional);
    assert.equal((await AppStream.follow(running, bob)).asked.length, 1);
    assert.equal(await refuse(bob, proposal), "rolledBack");
    assert.deepEqual(await contentsOf(running, alice), stored);
    await running.close();
    running = await openTestApp({ path });
    assert.deepEqual(await contentsOf(running, alice), stored);
    assert.equal((await bob.commit()).status, 200);
    await running.close();
    await rm(directory, { recursive: true });
  });

  /** A proposal to leave that is good. */
  async function goodLeave(who: ApiMember): Promise<Uint8Array> {
    assert.equal((await who.selfRemove()).status, 200);
    const event = (await who.page(who.cursor)).events.at(-1);
    assert.ok(event);
    return event.message;
  }

  async function follow(who: ApiMember): Promise<AppStream> {
    const stream = await AppStream.follow(app, who);
    streams.push(stream);
    return stream;
  }

  async function room<N extends readonly string[]>(...nicknames: N) {
    return (await roomOf(app, ...nicknames)) as { [K in keyof N]: ApiMember };
  }
});

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
