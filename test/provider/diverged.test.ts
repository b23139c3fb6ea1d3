import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, it } from "node:test";
import type { RunningProvider } from "../../provider/node.js";
import { viewGroup } from "../../src/mls/group.js";
import { ApiMember } from "../support/api-member.js";
import { StreamClient } from "../support/event-stream.js";
import { startTestProvider } from "../support/provider-process.js";
import { assertRefused } from "../support/refusals.js";

const other = hashOf(new Uint8Array([1, 2, 3]));

describe("a client says what it has read at its cursor", () => {
  let provider: RunningProvider;
  let alice: ApiMember;
  let bob: ApiMember;
  /** The hash of each event that Bob read, by cursor. */
  const read = new Map<number, string>();
  const streams: StreamClient[] = [];

  before(async () => {
    provider = await startTestProvider({ assets: false });
    [alice, bob] = (await Promise.all(["Alice", "Bob"].map((name) => ApiMember.register(provider.url, name)))) as [
      ApiMember,
      ApiMember,
    ];
    await alice.createRoom("log");
    await alice.say("before Bob");
    await bob.join(alice.room);
    await alice.catchUp();
    await alice.say("to Bob");
    for (const { cursor, message } of (await bob.page()).events) read.set(Number(cursor), hashOf(message));
    assert.deepEqual([...read.keys()], [2, 3]);
  });
  after(async () => {
    for (const stream of streams) stream.close();
    await provider.stop();
  });

  for (const [title, place] of [
    ["nothing read", () => ({ after: 0, hash: other })],
    ["no hash", () => ({ after: 3 })],
    ["an empty hash, after a join", () => ({ after: 1, hash: "" })],
    ["the event that seated it", () => ({ after: 2, hash: read.get(2) })],
    ["the last event", () => ({ after: 3, hash: read.get(3) })],
  ] as const) {
    it(`goes on from ${title}`, async () => {
      const wanted = place();
      assert.equal((await ask(bob, wanted)).status, 200);
      const stream = await open();
      stream.authenticate(bob.guest.token, [{ room: bob.room, ...wanted }]);
      assert.deepEqual(await stream.next(), { type: "ready" });
      const follower = await open();
      follower.authenticate(bob.guest.token, []);
      assert.deepEqual(await follower.next(), { type: "ready" });
      follower.tell({ type: "follow", room: bob.room, ...wanted });
      assert.deepEqual(await follower.next(), { type: "following", room: bob.room });
    });
  }

  for (const [title, place] of [
    ["another event than the log's", () => ({ after: 3, hash: other })],
    ["the event of another cursor", () => ({ after: 3, hash: read.get(2) })],
    ["an event that it has no right to", () => ({ after: 1, hash: read.get(2) })],
    ["a cursor beyond the log", () => ({ after: 4, hash: read.get(3) })],
    ["a cursor beyond the log, without a hash", () => ({ after: 4 })],
    ["a cursor far beyond the log, with an empty hash", () => ({ after: 1_000_000, hash: "" })],
  ] as const) {
    it(`is told that the log is another one: ${title}`, async () => {
      const wanted = place();
      await assertRefused(await ask(bob, wanted), 409, "logDiverged");
      const stream = await open();
      stream.authenticate(bob.guest.token, [{ room: bob.room, ...wanted }]);
      await assertDiverged(stream);
      const follower = await open();
      follower.authenticate(bob.guest.token, []);
      assert.deepEqual(await follower.next(), { type: "ready" });
      follower.tell({ type: "follow", room: bob.room, ...wanted });
      await assertDiverged(follower);
    });
  }

  it("is refused a hash that is none", async () => {
    for (const hash of ["x", "!", "AAAA", other.slice(1)]) {
      await assertRefused(await ask(bob, { after: 3, hash }), 400, "malformed");
    }
    const stream = await open();
    stream.tell({ type: "authenticate", token: bob.guest.token, rooms: [{ room: bob.room, after: 3, hash: 7 }] });
    const error = await stream.next();
    assert.ok(error.type === "error" && error.code === "malformed");
  });

  it("goes on in a new group from the cursor of its start, where it has read nothing", async () => {
    const carol = await ApiMember.register(provider.url, "Carol");
    await carol.createRoom("again");
    const policy = viewGroup(carol.joined()).roomPolicy;
    await carol.say("in the first group");
    assert.equal((await carol.close()).status, 204);
    assert.equal((await carol.startGroup(policy)).status, 201);
    assert.equal((await ask(carol, { after: 1, hash: "" })).status, 200);
    await carol.say("in the second group");
    const [event] = (await carol.page(1)).events;
    assert.ok(event);
    assert.equal((await ask(carol, { after: 2, hash: hashOf(event.message) })).status, 200);
    await assertRefused(await ask(carol, { after: 2, hash: other }), 409, "logDiverged");
  });

  async function ask(who: ApiMember, place: { readonly after: number; readonly hash?: string | undefined }) {
    const hash = place.hash === undefined ? "" : `&hash=${place.hash}`;
    return await who.guest.request("GET", `${who.path}/events?after=${place.after}${hash}`);
  }

  async function open(): Promise<StreamClient> {
    const stream = await StreamClient.open(provider.url);
    streams.push(stream);
    return stream;
  }

  async function assertDiverged(stream: StreamClient): Promise<void> {
    const error = await stream.next();
    assert.ok(error.type === "error", JSON.stringify(error));
    assert.equal(error.code, "logDiverged");
    assert.deepEqual(await stream.next(), { type: "closed", code: 4809 });
  }
});

function hashOf(message: Uint8Array): string {
  return createHash("sha256").update(message).digest("base64url");
}
