import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ApiMember } from "../support/api-member.js";
import { AppStream } from "../support/app-stream.js";
import { postRefusal, refusalBody, refuse } from "../support/event-refusals.js";
import { openTestApp, type TestApp } from "../support/provider-app.js";
import { commitForged, contentsOf, provisionalCursors, roomOf } from "../support/provisional-room.js";
import { assertJson, assertRefused } from "../support/refusals.js";

describe("A commit that a member refuses", () => {
  let app: TestApp;
  const streams: AppStream[] = [];
  before(async () => {
    app = await openTestApp({ rates: { updatesPerClient: { points: 1000, seconds: 1 } } });
  });
  after(async () => {
    for (const stream of streams) stream.hangUp();
    await app.close();
  });

  it("is taken back at once when every connected client that may speak has refused it", async () => {
    const [alice, bob, carol, dave] = await room("Alice", "Bob", "Carol", "Dave");
    // Alice's and Dave's streams change nothing: she has no say, and he is away
    for (const who of [alice, bob, carol]) await follow(who);
    const { commit } = await commitForged(alice);
    const waiting = refuse(bob, commit);
    assert.equal(await isDecided(app, alice, 1, waiting), false);
    assert.deepEqual(await Promise.all([waiting, refuse(carol, commit)]), ["rolledBack", "rolledBack"]);
    assert.equal(await refuse(dave, commit), "rolledBack");
  });

  it("is taken back three seconds after the first refusal, though somebody is silent", async () => {
    const [alice, bob, carol, dave] = await room("Alice", "Bob", "Carol", "Dave");
    await follow(dave);
    const { commit } = await commitForged(alice);
    const first = refuse(bob, commit);
    assert.equal(await isDecided(app, alice, 1, first), false);
    app.pass(2000);
    const second = refuse(carol, commit);
    assert.equal(await isDecided(app, alice, 2, second), false);
    app.pass(999);
    assert.equal(await isDecided(app, alice, 2, first), false);
    app.pass(1);
    assert.deepEqual(await Promise.all([first, second]), ["rolledBack", "rolledBack"]);
  });

  for (const [title, word] of [
    ["says so", (stream: AppStream) => stream.acknowledge()],
    [
      "speaks",
      async (_: AppStream, dave: ApiMember) => {
        await dave.catchUp();
        assert.equal((await dave.say("I follow")).status, 200);
      },
    ],
    [
      "commits",
      async (_: AppStream, dave: ApiMember) => {
        await dave.catchUp();
        assert.equal((await dave.commit()).status, 200);
      },
    ],
  ] as const) {
    it(`stands when somebody who has followed it ${title}, whoever refused before and after`, async () => {
      const [alice, bob, carol, dave] = await room("Alice", "Bob", "Carol", "Dave");
      const stream = await follow(dave);
      const commit = await goodCommit(alice);
      const waiting = [refuse(bob, commit), refuse(carol, commit)];
      assert.equal(await isDecided(app, alice, 2, waiting[1]), false);
      await word(stream, dave);
      assert.deepEqual(await Promise.all(waiting), ["acknowledged", "acknowledged"]);
      app.pass(60_000);
      assert.equal(await refuse(bob, commit), "acknowledged");
      await carol.catchUp();
      assert.equal((await carol.say("it is in the log")).status, 200);
    });
  }

  it("is decided once, whatever comes at the same time", async () => {
    for (let round = 0; round < 8; round++) {
      const [alice, bob, carol, dave] = await room("Alice", "Bob", "Carol", "Dave");
      const stream = await follow(dave);
      const commit = await goodCommit(alice);
      const waiting = [refuse(bob, commit), refuse(carol, commit)];
      assert.equal(await isDecided(app, alice, 2, waiting[1]), false);
      if (round % 2 === 0) app.pass(3000);
      const word = stream.acknowledge();
      if (round % 2 === 1) app.pass(3000);
      await word;
      const [outcome] = await Promise.all(waiting);
      assert.deepEqual(await Promise.all(waiting), [outcome, outcome]);
      assert.equal(await refuse(bob, commit), outcome);
      const kept = (await bob.page()).events.length;
      assert.equal(kept, outcome === "acknowledged" ? 1 : 0);
      assert.deepEqual(await provisionalCursors(app, alice), []);
    }
  });

  it("answers a client that asks twice: its last request with the outcome", async () => {
    const [alice, bob, carol] = await room("Alice", "Bob", "Carol");
    await follow(carol);
    const { commit } = await commitForged(alice);
    const body = await refusalBody(bob, commit);
    const first = postRefusal(bob, body);
    assert.equal(await isDecided(app, alice, 1, first), false);
    const second = postRefusal(bob, body);
    await assertRefused(await first, 429, "rateLimited");
    app.pass(3000);
    assert.deepEqual(await assertJson(await second, 200), { outcome: "rolledBack" });
    // and for ever after, in the same words
    assert.deepEqual(await assertJson(await postRefusal(bob, body), 200), { outcome: "rolledBack" });
  });

  it("was never there when it is unknown: it is not in the log", async () => {
    const [alice, bob] = await room("Alice", "Bob");
    const unsent = await alice.stageUpdate();
    const before = await contentsOf(app, alice);
    assert.equal(await refuse(bob, unsent.commit), "rolledBack");
    assert.deepEqual(await contentsOf(app, alice), before);
  });

  it("cannot be refused by anybody else, nor in anybody's name", async () => {
    const [alice, bob, carol] = await room("Alice", "Bob", "Carol");
    await follow(carol);
    const { commit } = await commitForged(alice);
    const stranger = await member("Stranger");
    stranger.room = alice.room;
    stranger.group = bob.group;
    const newcomer = await member("Newcomer");
    await newcomer.join(alice.room);
    newcomer.group = bob.group;
    const before = await contentsOf(app, alice);
    const { groupId } = bob.joined();
    for (const [who, body, status, code] of [
      [bob, await refusalBody(bob, commit, { signer: alice }), 422, "invalidRefusal"],
      [bob, await refusalBody(bob, commit, { signer: carol }), 422, "invalidRefusal"],
      [bob, await refusalBody(bob, commit, { signs: { epoch: bob.joined().epoch + 1n } }), 422, "invalidRefusal"],
      [
        bob,
        await refusalBody(bob, commit, { signs: { groupId: groupId.map((octet) => octet ^ 1) } }),
        422,
        "invalidRefusal",
      ],
      [bob, await refusalBody(bob, commit, { signs: { code: "another" } }), 422, "invalidRefusal"],
      [bob, await refusalBody(bob, commit, { signs: { eventHash: new Uint8Array(32) } }), 422, "invalidRefusal"],
      [carol, await refusalBody(bob, commit), 422, "invalidRefusal"],
      [alice, await refusalBody(alice, commit), 403, "notAllowed"],
      [newcomer, await refusalBody(newcomer, commit), 403, "notAllowed"],
      [stranger, await refusalBody(stranger, commit), 403, "notAllowed"],
      [bob, await refusalBody(bob, commit, { says: { eventHash: new Uint8Array(31) } }), 400, "malformed"],
      [bob, await refusalBody(bob, commit, { says: { code: "" } }), 400, "malformed"],
      [bob, await refusalBody(bob, commit, { says: { code: "a sentence, with words" } }), 400, "malformed"],
      [bob, (await refusalBody(bob, commit)).subarray(1), 400, "malformed"],
      [bob, new Uint8Array(20_000), 413, "tooLarge"],
    ] as const) {
      await assertRefused(await postRefusal(who, body), status, code);
    }
    app.pass(60_000);
    assert.deepEqual(await contentsOf(app, alice), before);
    const nobody = await app.send("POST", `${alice.path}/refuseEvent`, new Uint8Array(8));
    await assertRefused(nobody, 401, "unauthenticated");
    // nobody outside is told what stands in the log
    const [standing] = (await carol.page(0, 1)).events;
    assert.ok(standing);
    await assertRefused(await postRefusal(stranger, await refusalBody(stranger, standing.message)), 403, "notSeated");
  });

  it("names the rule to a client without a say", async () => {
    const [alice, bob] = await room("Alice", "Bob");
    const { commit } = await commitForged(alice);
    const body = await refusalBody(alice, commit);
    const { rule } = await assertRefused(await postRefusal(alice, body), 403, "notAllowed");
    assert.equal(rule, "hub/no-say");
    assert.equal(await refuse(bob, commit), "rolledBack");
  });

  it("keeps so many requests waiting and no more; whoever is sent away has refused all the same", async () => {
    const small = await openTestApp({ limits: { refusalsWaiting: 1 } });
    const [alice, bob, carol, dave] = await roomOf(small, "Alice", "Bob", "Carol", "Dave");
    assert.ok(alice && bob && carol && dave);
    const stream = await AppStream.follow(small, dave);
    const { commit } = await commitForged(alice);
    const first = refuse(bob, commit);
    assert.equal(await isDecided(small, alice, 1, first), false);
    const response = await postRefusal(carol, await refusalBody(carol, commit));
    await assertRefused(response, 503, "unavailable");
    assert.equal(response.headers.get("retry-after"), "1");
    small.pass(3000);
    assert.equal(await first, "rolledBack");
    assert.equal(await refuse(carol, commit), "rolledBack");
    stream.hangUp();
    await small.close();
  });

  it("is not decided by a provider that stops: those who wait are told to come again", async () => {
    const stopping = await openTestApp();
    const [alice, bob, carol] = await roomOf(stopping, "Alice", "Bob", "Carol");
    assert.ok(alice && bob && carol);
    await AppStream.follow(stopping, carol);
    const { commit } = await commitForged(alice);
    const waiting = postRefusal(bob, await refusalBody(bob, commit));
    assert.equal(await isDecided(stopping, alice, 1, waiting), false);
    await stopping.close();
    await assertRefused(await waiting, 503, "unavailable");
  });

  it("is counted, and its going back is a line of the log", async () => {
    const [alice, bob] = await room("Alice", "Bob");
    const { commit } = await commitForged(alice);
    const at = app.lines.length;
    assert.equal(await refuse(bob, commit), "rolledBack");
    const lines = app.lines.slice(at).map(({ msg, room, cursor, events, user, code }) => ({
      msg,
      room,
      cursor,
      events,
      user,
      code,
    }));
    const place = { room: alice.room, cursor: bob.cursor + 1 };
    const { userUri } = alice.guest;
    assert.deepEqual(lines, [
      { msg: "event refused", ...place, events: undefined, user: undefined, code: "badConfirmationTag" },
      { msg: "event rolled back", ...place, events: 1, user: userUri, code: undefined },
    ]);
    const metrics = await (await app.fetch(new Request(`${app.url}/metrics`), { ip: "127.0.0.1", local: true })).text();
    assert.match(metrics, /mimi_provisional_events_total\{outcome="rolledBack"\} [1-9]/u);
    assert.match(metrics, /mimi_event_refusals_total [1-9]/u);
  });

  /** A commit that is good, and whose committer has not read its own word about it. */
  async function goodCommit(who: ApiMember): Promise<Uint8Array> {
    const own = await who.stageUpdate();
    assert.equal((await who.offer(own)).status, 200);
    who.accepted(own);
    return own.commit;
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

/** Whether an answer is there, once the provider has taken in so many refusals of commits of the room. */
async function isDecided(
  { lines }: TestApp,
  { room }: ApiMember,
  refusals: number,
  waiting: Promise<unknown> | undefined,
): Promise<boolean> {
  let decided = false;
  const noted = () => {
    decided = true;
  };
  waiting?.then(noted, noted);
  const taken = () => lines.filter((line) => line.msg === "event refused" && line.room === room).length;
  while (taken() < refusals) await turn();
  for (let turns = 0; turns < 20; turns++) await turn();
  return decided;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
