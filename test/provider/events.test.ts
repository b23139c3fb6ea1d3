import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { EventSocket } from "../../provider/hub/event-socket.js";
import type { RunningProvider } from "../../provider/node.js";
import { viewGroup } from "../../src/mls/group.js";
import { ApiMember } from "../support/api-member.js";
import { StreamClient } from "../support/event-stream.js";
import { openTestApp } from "../support/provider-app.js";
import { startTestProvider } from "../support/provider-process.js";

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe("the event stream", () => {
  let provider: RunningProvider;
  let rooms = 0;
  const streams: StreamClient[] = [];
  before(async () => {
    provider = await startTestProvider({ assets: false, limits: { pageEvents: 7 } });
  });
  after(async () => {
    for (const stream of streams) stream.close();
    await provider.stop();
  });

  it("gives what was missed and then what comes, each once and in order, while messages are sent", async () => {
    const [alice, bob] = await pair();
    for (let index = 0; index < 4; index++) assert.equal((await alice.say(`${index}`)).status, 200);
    const sending = (async () => {
      for (let index = 4; index < 60; index++) assert.equal((await alice.say(`${index}`)).status, 200);
    })();
    const opened = await Promise.all(numbers(0, 4).map((after) => follow(bob, after)));
    for (const [index, stream] of opened.entries()) {
      assert.deepEqual(await stream.cursors(61 - index), numbers(index + 1, 61));
    }
    await sending;
  });

  it("begins after the cursor it is given, and with the client's own commit", async () => {
    const alice = await member("Alice");
    await createRoom(alice);
    for (const text of ["one", "two", "three"]) await alice.say(text);
    const bob = await member("Bob");
    await bob.join(alice.room);
    const stream = await follow(bob, 0);
    assert.deepEqual(await stream.cursors(1), [4]);
    await alice.catchUp();
    await alice.say("four");
    assert.deepEqual(await stream.cursors(1), [5]);
    const later = await follow(bob, 4);
    assert.deepEqual(await later.cursors(1), [5]);
  });

  it("follows a room that was joined after it was opened", async () => {
    const [alice] = await pair();
    const carol = await member("Carol");
    const stream = await open();
    stream.authenticate(carol.guest.token, []);
    assert.deepEqual(await stream.next(), { type: "ready" });
    await carol.join(alice.room);
    stream.tell({ type: "follow", room: alice.room, after: carol.cursor });
    assert.deepEqual(await stream.next(), { type: "following", room: alice.room });
    assert.deepEqual(await stream.cursors(1), [2]);
    stream.tell({ type: "ping" });
    assert.deepEqual(await stream.next(), { type: "pong", sent: { [alice.room]: 2 } });
  });

  it("ends for a client with the commit that removes it", async () => {
    const [alice, bob] = await pair();
    const stream = await follow(bob, bob.cursor);
    await bob.selfRemove();
    await alice.catchUp();
    assert.equal((await alice.commit()).status, 200);
    await alice.catchUp();
    await alice.say("among us");
    assert.deepEqual(await stream.cursors(2), [2, 3]);
    stream.tell({ type: "ping" });
    assert.deepEqual(await stream.next(), { type: "pong", sent: { [alice.room]: 3 } });
    // and when it asks again, it gets no more
    const again = await follow(bob, 0);
    assert.deepEqual(await again.cursors(3), [1, 2, 3]);
    again.tell({ type: "ping" });
    assert.deepEqual(await again.next(), { type: "pong", sent: { [alice.room]: 3 } });
  });

  it("goes on in a new group of the room", async () => {
    const alice = await member("Alice");
    await createRoom(alice);
    const policy = viewGroup(alice.joined()).roomPolicy;
    await alice.say("first group");
    const stream = await follow(alice, 0);
    assert.deepEqual(await stream.cursors(1), [1]);
    assert.equal((await alice.close()).status, 204);
    assert.equal((await alice.startGroup(policy)).status, 201);
    await alice.say("second group");
    stream.tell({ type: "follow", room: alice.room, after: 1 });
    assert.deepEqual(await stream.next(), { type: "following", room: alice.room });
    assert.deepEqual(await stream.cursors(1), [2]);
  });

  for (const [title, frame, code, close] of [
    ["a token that is forged", { type: "authenticate", token: "A".repeat(43), rooms: [] }, "unauthenticated", 4801],
    ["a first frame that does not authenticate", { type: "ping" }, "unauthenticated", 4801],
    ["a frame without a type", {}, "malformed", 4800],
  ] as const) {
    it(`answers ${title} and closes`, async () => {
      const stream = await open();
      stream.tell(frame);
      const error = await stream.next();
      assert.ok(error.type === "error");
      assert.equal(error.code, code);
      assert.deepEqual(await stream.next(), { type: "closed", code: close });
    });
  }

  for (const [title, change, code, close] of [
    ["a room without a seat", { room: "mimi://$domain/r/$other" }, "notSeated", 4803],
    ["an unknown room", { room: "mimi://$domain/r/unknown" }, "noSuchRoom", 4804],
    ["what is no room", { room: "https://site.example" }, "malformed", 4800],
    ["a cursor that is none", { after: -1 }, "malformed", 4800],
  ] as const) {
    it(`answers the wish for ${title} and closes`, async () => {
      const [, bob] = await pair();
      const other = await member("Other");
      await createRoom(other);
      const stream = await open();
      const place = { room: bob.room, after: 0, ...change };
      const room = place.room
        .replace("mimi://$domain/r/$other", other.room)
        .replace("$domain", bob.guest.directory.domain);
      stream.authenticate(bob.guest.token, [{ ...place, room }]);
      const error = await stream.next();
      assert.ok(error.type === "error", JSON.stringify(error));
      assert.equal(error.code, code);
      assert.deepEqual(await stream.next(), { type: "closed", code: close });
    });
  }

  it("answers what is no JSON, and a binary frame, and closes", async () => {
    for (const frame of ["{", Buffer.from([1])]) {
      const stream = await open();
      stream.socket.send(frame);
      const error = await stream.next();
      assert.ok(error.type === "error" && error.code === "malformed");
    }
  });

  it("is refused to a site that the room does not name", async () => {
    const alice = await member("Alice");
    rooms += 1;
    await alice.createRoom(`named-${rooms}`, undefined, ["https://site.example"]);
    const good = await open("https://site.example");
    good.authenticate(alice.guest.token, [{ room: alice.room, after: 0 }]);
    assert.deepEqual(await good.next(), { type: "ready" });
    const bad = await open("https://other.example");
    bad.authenticate(alice.guest.token, [{ room: alice.room, after: 0 }]);
    const error = await bad.next();
    assert.ok(error.type === "error" && error.code === "originNotAllowed");
  });

  it("cuts a consumer that does not read, and nobody else", async () => {
    const [alice, bob] = await pair();
    const slow = await follow(bob, 1);
    const quick = await follow(bob, 1);
    slow.socket.pause();
    const text = "x".repeat(40_000);
    const quickly: number[] = [];
    let sent = 0;
    const cut = async () => (await metric("mimi_streams_cut_total")) > 0;
    while (!(await cut())) {
      assert.equal((await alice.say(text)).status, 200);
      sent += 1;
      quickly.push(...(await quick.cursors(1)));
      assert.ok(sent < 1000, "the slow consumer was never cut");
    }
    assert.deepEqual(quickly, numbers(2, sent + 1));
    slow.socket.resume();
    for (;;) if ((await slow.next()).type === "closed") break;
    const back = await follow(bob, 1);
    assert.deepEqual(await back.cursors(sent), numbers(2, sent + 1));
  });

  it("takes so many rooms and no more", async () => {
    const small = await startTestProvider({ assets: false, limits: { roomsPerStream: 1, streams: 1 } });
    const alice = await ApiMember.register(small.url, "Alice");
    await alice.createRoom("one");
    const first = alice.room;
    await alice.createRoom("two");
    const stream = await StreamClient.open(small.url);
    stream.authenticate(
      alice.guest.token,
      [first, alice.room].map((room) => ({ room, after: 0 })),
    );
    const error = await stream.next();
    assert.ok(error.type === "error" && error.code === "tooLarge");
    stream.close();
    await small.stop();
  });

  it("is refused when there are too many", async () => {
    for (const limits of [{ streams: 1 }, { streamsPerIp: 1 }]) {
      const small = await startTestProvider({ assets: false, limits });
      const first = await StreamClient.open(small.url);
      const second = await StreamClient.open(small.url);
      assert.deepEqual(await second.next(), { type: "closed", code: 1013 });
      first.close();
      await small.stop();
    }
  });

  it("is closed when it does not authenticate in time", async () => {
    const hasty = await startTestProvider({ assets: false, limits: { authenticateMs: 20 } });
    const stream = await StreamClient.open(hasty.url);
    const error = await stream.next();
    assert.ok(error.type === "error" && error.code === "unauthenticated");
    await hasty.stop();
  });

  it("is not closed because the provider takes long to authenticate it", async () => {
    const app = await openTestApp();
    const alice = await ApiMember.register(app.url, "Alice", app.fetch);
    const told: string[] = [];
    const socket: EventSocket = {
      send: (data) => void told.push(String(data)),
      flushed: async () => undefined,
      backlog: 0,
      close: (code) => void told.push(String(code)),
      cut: () => undefined,
      ping: () => undefined,
    };
    const stream = app.openEventStream(socket, undefined);
    stream?.received(JSON.stringify({ type: "authenticate", token: alice.guest.token, rooms: [] }));
    app.pass(10_000);
    // an answer to somebody else means that the provider has had its turn
    await ApiMember.register(app.url, "Bob", app.fetch);
    assert.deepEqual(told, ['{"type":"ready"}']);
    await app.close();
  });

  it("is cut when the client gives no sign of life", async () => {
    const strict = await startTestProvider({ assets: false, limits: { heartbeatMs: 20 } });
    const alice = await ApiMember.register(strict.url, "Alice");
    const stream = await StreamClient.open(strict.url);
    stream.authenticate(alice.guest.token, []);
    assert.deepEqual(await stream.next(), { type: "ready" });
    stream.socket.pong = () => undefined;
    assert.deepEqual(await stream.next(), { type: "closed", code: 1006 });
    await strict.stop();
  });

  it("is told when the provider stops", async () => {
    const short = await startTestProvider({ assets: false });
    const stream = await StreamClient.open(short.url);
    await short.stop();
    assert.deepEqual(await stream.next(), { type: "closed", code: 1001 });
  });

  async function member(nickname: string): Promise<ApiMember> {
    return await ApiMember.register(provider.url, nickname);
  }

  async function createRoom(creator: ApiMember): Promise<void> {
    rooms += 1;
    await creator.createRoom(`room-${rooms}`);
  }

  async function pair(): Promise<[ApiMember, ApiMember]> {
    const [alice, bob] = [await member("Alice"), await member("Bob")];
    await createRoom(alice);
    await bob.join(alice.room);
    await alice.catchUp();
    await bob.catchUp();
    return [alice, bob];
  }

  async function open(origin?: string): Promise<StreamClient> {
    const stream = await StreamClient.open(provider.url, origin);
    streams.push(stream);
    return stream;
  }

  async function follow(who: ApiMember, after: number): Promise<StreamClient> {
    const stream = await open();
    stream.authenticate(who.guest.token, [{ room: who.room, after }]);
    assert.deepEqual(await stream.next(), { type: "ready" });
    return stream;
  }

  async function metric(name: string): Promise<number> {
    const text = await (await fetch(`${provider.url}/metrics`)).text();
    return Number(new RegExp(`^${name} (.*)$`, "mu").exec(text)?.[1] ?? Number.NaN);
  }
});
