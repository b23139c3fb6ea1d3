import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { stageExternalCommit } from "../../src/mls/external-commit.js";
import { openGroupInfo } from "../../src/mls/group-info.js";
import { ApiMember } from "../support/api-member.js";
import { AppStream } from "../support/app-stream.js";
import { refuse } from "../support/event-refusals.js";
import { openTestApp, type TestApp } from "../support/provider-app.js";
import { provisionalCursors, roomOf, storedEpochs } from "../support/provisional-room.js";

describe("A commit that the hub has accepted", () => {
  let app: TestApp;
  const streams: AppStream[] = [];
  before(async () => {
    app = await openTestApp();
  });
  after(async () => {
    for (const stream of streams) stream.hangUp();
    await app.close();
  });

  it("carries the external_pub of the epoch that it begins, in pages and on sockets; what is no commit carries none", async () => {
    const [alice, bob] = await room("Alice", "Bob");
    const stream = await follow(bob);
    await commit(alice);
    const { externalPub } = await openGroupInfo(alice.guest.crypto, await alice.groupInfo());
    await alice.catchUp();
    await alice.say("after it");
    await alice.selfRemove();
    const carried = (await bob.page()).events.map((event) => event.externalPub);
    assert.deepEqual(carried, [externalPub, new Uint8Array(), new Uint8Array()]);
    const sent = stream.came.flatMap((incoming) => (incoming.type === "event" ? [incoming.event.externalPub] : []));
    assert.deepEqual(sent, carried);
  });

  it("is asked about: two of those who may speak for it, then two others, then the rest, and nobody twice", async () => {
    const members = await room("Alice", "Bob", "Carol", "Dave", "Erin", "Frank");
    const [alice, ...others] = members;
    const own = await follow(alice);
    const followers = await Promise.all(others.map(follow));
    const message = await commit(alice);
    const asked = () => followers.filter((follower) => follower.asked.length > 0).length;
    assert.equal(asked(), 2);
    app.pass(1999);
    assert.equal(asked(), 2);
    app.pass(1);
    assert.equal(asked(), 4);
    app.pass(2000);
    assert.equal(asked(), 5);
    app.pass(10_000);
    const question = { type: "acknowledge", room: alice.room, cursor: alice.cursor + 1, hash: hashOf(message) };
    assert.deepEqual(
      followers.map(({ asked }) => asked),
      followers.map(() => [question]),
    );
    assert.deepEqual(own.asked, []);
    // the question stands behind the event
    for (const { came } of followers) assert.deepEqual(came.at(-2)?.type, "event");
  });

  it("is asked about no more once somebody has followed it", async () => {
    const [alice, ...others] = await room("Alice", "Bob", "Carol", "Dave");
    const followers = await Promise.all(others.map(follow));
    await commit(alice);
    await followers.find(({ asked }) => asked.length > 0)?.acknowledge();
    app.pass(10_000);
    assert.equal(followers.filter(({ asked }) => asked.length > 0).length, 2);
    assert.deepEqual(await provisionalCursors(app, alice), []);
  });

  it("is asked about when a client comes, behind what it missed; not a newcomer, nor the committer", async () => {
    const [alice, bob] = await room("Alice", "Bob");
    const message = await commit(alice);
    const carol = await member("Carol");
    await carol.join(alice.room);
    const late = await follow(bob);
    const [one, two] = (await bob.page()).events;
    assert.ok(one && two);
    // its word about the last that it may speak for counts for those before it
    assert.deepEqual(
      late.came.map((incoming) => (incoming.type === "event" ? Number(incoming.event.cursor) : incoming.type)),
      ["ready", Number(one.cursor), Number(two.cursor), "acknowledge"],
    );
    assert.equal(late.asked[0]?.hash, hashOf(two.message));
    assert.equal(hashOf(one.message), hashOf(message));
    assert.deepEqual((await follow(carol)).asked, []);
    assert.equal((await follow(alice)).asked[0]?.hash, hashOf(two.message));
    await late.acknowledge();
    assert.deepEqual(await provisionalCursors(app, alice), []);
  });

  it("stands when a client says that it follows it", async () => {
    const [alice, bob, carol] = await room("Alice", "Bob", "Carol");
    const stream = await follow(bob);
    const message = await commit(alice);
    assert.deepEqual(await provisionalCursors(app, alice), [bob.cursor + 1]);
    assert.equal(await storedEpochs(app, alice), 2);
    await stream.acknowledge();
    assert.deepEqual(await provisionalCursors(app, alice), []);
    assert.equal(await storedEpochs(app, alice), 1);
    assert.equal(await refuse(carol, message), "acknowledged");
    assert.deepEqual(stream.came.at(-1)?.type, "acknowledge");
  });

  it("stands when a client speaks in the epoch that it began", async () => {
    const [alice, bob, carol] = await room("Alice", "Bob", "Carol");
    const message = await commit(alice);
    await alice.catchUp();
    assert.equal((await alice.say("the committer's own word says nothing")).status, 200);
    assert.equal((await provisionalCursors(app, alice)).length, 1);
    await bob.catchUp();
    assert.equal((await bob.say("I follow")).status, 200);
    assert.deepEqual(await provisionalCursors(app, alice), []);
    assert.equal(await refuse(carol, message), "acknowledged");
  });

  it("stands when a member commits on top of it, but not when one joins again from outside, or proposes", async () => {
    const [alice, bob, carol] = await room("Alice", "Bob", "Carol");
    await commit(alice);
    const first = alice.cursor + 1;
    await joinAgain(bob);
    assert.deepEqual(await provisionalCursors(app, alice), [first, first + 1]);
    await carol.catchUp();
    assert.equal((await carol.selfRemove()).status, 200);
    assert.deepEqual(await provisionalCursors(app, alice), [first, first + 1, first + 2]);
    await alice.catchUp();
    await commit(alice);
    assert.deepEqual(await provisionalCursors(app, alice), [first, first + 3]);
  });

  it("stands no sooner for a word about another commit, or by one who may not speak", async () => {
    const [alice, bob] = await room("Alice", "Bob");
    const message = await commit(alice);
    const carol = await member("Carol");
    await carol.join(alice.room);
    await bob.catchUp();
    const [bobs, alices, carols] = await Promise.all([bob, alice, carol].map(follow));
    assert.ok(bobs && alices && carols);
    const { room: uri } = alice;
    const at = bob.cursor - 1;
    const word = { type: "acknowledged", room: uri, cursor: at, hash: hashOf(message) };
    const both = [at, at + 1];
    for (const [stream, frame] of [
      [bobs, { ...word, hash: hashOf(Uint8Array.of(1)) }],
      [bobs, { ...word, cursor: at - 1 }],
      [bobs, { ...word, cursor: at + 2 }],
      [bobs, { ...word, hash: "" }],
      [bobs, { ...word, room: uri.replace("provisional", "other") }],
      [alices, word],
      [carols, word],
    ] as const) {
      await stream.tell(frame);
      assert.deepEqual(await provisionalCursors(app, alice), both);
      assert.ok(!stream.came.some(({ type }) => type === "error"));
    }
    // and what is no word at all ends the stream, like any other frame
    await carols.tell({ ...word, hash: 7 });
    assert.ok(carols.came.some((incoming) => incoming.type === "error" && incoming.code === "malformed"));
    await bobs.tell(word);
    assert.deepEqual(await provisionalCursors(app, alice), [at + 1]);
  });

  it("stands at once where nobody may speak for it: in a room of one, and when it removes all others", async () => {
    const [alice] = await room("Alice");
    await commit(alice);
    assert.deepEqual(await provisionalCursors(app, alice), []);
    const [carol, dave] = await room("Carol", "Dave");
    await dave.selfRemove();
    await carol.catchUp();
    const message = await commit(carol);
    assert.deepEqual(await provisionalCursors(app, carol), []);
    // whom it removes has no veto
    assert.equal(await refuse(dave, message), "acknowledged");
  });

  it("stands when the group is closed", async () => {
    const [alice, bob, carol] = await room("Alice", "Bob", "Carol");
    await commit(alice);
    for (const leaver of [bob, carol]) {
      await leaver.catchUp();
      assert.equal((await leaver.selfRemove()).status, 200);
    }
    await alice.catchUp();
    await commit(alice);
    // nobody has a word to say about the second; the first waits for one
    assert.equal((await provisionalCursors(app, alice)).length, 1);
    await alice.catchUp();
    assert.equal((await alice.close()).status, 204);
    assert.deepEqual(await provisionalCursors(app, alice), []);
    assert.equal(await storedEpochs(app, alice), 0);
  });

  it("stands after ten minutes without anybody's word", async () => {
    const [alice, bob] = await room("Alice", "Bob");
    const message = await commit(alice);
    app.pass(10 * 60_000 - 1);
    assert.equal((await provisionalCursors(app, alice)).length, 1);
    app.pass(1);
    assert.equal(await refuse(bob, message), "acknowledged");
    // and its row goes with the next sweep
    app.pass(2 * 60 * 60_000);
    await alice.page();
    assert.deepEqual(await provisionalCursors(app, alice), []);
    assert.equal(await storedEpochs(app, alice), 1);
  });

  it("stands when 32 more are provisional", async () => {
    const [alice, bob] = await room("Alice", "Bob");
    const first = alice.cursor + 1;
    const message = await commit(alice);
    for (let more = 1; more <= 31; more++) {
      await alice.catchUp();
      await commit(alice);
    }
    assert.equal((await provisionalCursors(app, alice)).length, 32);
    await alice.catchUp();
    await commit(alice);
    const left = await provisionalCursors(app, alice);
    assert.deepEqual([left.length, left[0]], [32, first + 1]);
    assert.equal(await storedEpochs(app, alice), 33);
    assert.equal(await refuse(bob, message), "acknowledged");
  });

  it("is counted", async () => {
    const metrics = await (await app.fetch(new Request(`${app.url}/metrics`), { ip: "127.0.0.1", local: true })).text();
    for (const outcome of ["acknowledged", "lapsed"]) {
      assert.match(metrics, new RegExp(`mimi_provisional_events_total\\{outcome="${outcome}"\\} [1-9]`, "u"));
    }
  });

  /** A member's commit, as it was accepted. */
  async function commit(who: ApiMember): Promise<Uint8Array> {
    const own = await who.stageUpdate();
    assert.equal((await who.offer(own)).status, 200);
    who.accepted(own);
    return own.commit;
  }

  /** Takes the place of its own leaf, by an external commit. */
  async function joinAgain(who: ApiMember): Promise<void> {
    const { crypto, identity } = who.guest;
    const bundle = await who.groupInfo();
    const removeOwn = [who.joined().ownLeafIndex];
    const own = await stageExternalCommit(crypto, { ...bundle, pendingProposals: [], identity, removeOwn });
    assert.equal((await who.offer(own)).status, 200);
    who.accepted(own);
    who.cursor = Number(bundle.cursor);
  }

  async function follow(who: ApiMember): Promise<AppStream> {
    const stream = await AppStream.follow(app, who);
    streams.push(stream);
    return stream;
  }

  async function member(nickname: string): Promise<ApiMember> {
    return await ApiMember.register(app.url, nickname, app.fetch);
  }

  async function room<N extends readonly string[]>(...nicknames: N) {
    return (await roomOf(app, ...nicknames)) as { [K in keyof N]: ApiMember };
  }
});

function hashOf(message: Uint8Array): string {
  return createHash("sha256").update(message).digest("base64url");
}
