import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import { ApiMember } from "../support/api-member.js";
import { StreamClient } from "../support/event-stream.js";
import { ProviderChild } from "../support/provider-child.js";

/** As many as one address may have (`streamsPerIp`). */
const MANY = 2000;
const GOOD = 100;
const SLOW = 100;

describe("a provider with many connections", () => {
  let provider: ProviderChild;
  let alice: ApiMember;
  let streams: StreamClient[] = [];
  before(async () => {
    provider = await ProviderChild.start();
    alice = await ApiMember.register(provider.url, "Alice");
  });
  after(() => provider.dispose());

  it("serves two thousand event streams at once, each with all that is said", async (test) => {
    await alice.createRoom("many");
    const empty = await metric("process_resident_memory_bytes");
    await follow(MANY);
    assert.equal(await metric("mimi_streams"), MANY);
    await alice.say("to all");
    await alice.say("and again");
    await Promise.all(streams.map(async (stream) => assert.deepEqual(await stream.cursors(2), [1, 2])));
    const full = await metric("process_resident_memory_bytes");
    report(test, `${Math.round((full - empty) / MANY / 1024)} KiB of memory a connection, ${MANY} connections`);
    await closeAll();
  });

  it("cuts a hundred that do not read, while a hundred that do are not kept waiting", async (test) => {
    await alice.createRoom("slow");
    await follow(GOOD + SLOW);
    const slow = streams.slice(GOOD);
    for (const { socket } of slow) socket.pause();
    const good = streams.slice(0, GOOD);
    const text = "x".repeat(30_000);
    let cursor = 0;
    let longest = 0;
    while ((await metric("mimi_streams_cut_total")) < SLOW) {
      cursor += 1;
      const began = performance.now();
      assert.equal((await alice.say(text)).status, 200);
      await Promise.all(good.map(async (stream) => assert.deepEqual(await stream.cursors(1), [cursor])));
      longest = Math.max(longest, performance.now() - began);
      assert.ok(cursor < 1000, "the slow ones were never cut");
    }
    report(test, `${SLOW} cut after ${cursor} messages; the longest round of ${GOOD} took ${longest.toFixed(0)} ms`);
    const [back] = slow;
    assert.ok(back);
    back.socket.resume();
    while ((await back.next()).type !== "closed");
    streams = [...good];
    await closeAll();

    // it comes back, and has all
    const again = await StreamClient.open(provider.url);
    again.authenticate(alice.guest.token, [{ room: alice.room, after: 0 }]);
    assert.deepEqual(await again.next(), { type: "ready" });
    assert.equal((await again.cursors(cursor)).at(-1), cursor);
    again.close();
    for (const stream of slow) stream.close();
  });

  /** Opens so many streams on Alice's room, and resolves when all of them follow it. */
  async function follow(count: number): Promise<void> {
    streams = [];
    while (streams.length < count) {
      const some = Math.min(100, count - streams.length);
      const opened = await Promise.all(Array.from({ length: some }, () => StreamClient.open(provider.url)));
      for (const stream of opened) stream.authenticate(alice.guest.token, [{ room: alice.room, after: 0 }]);
      for (const stream of opened) assert.deepEqual(await stream.next(), { type: "ready" });
      streams.push(...opened);
    }
  }

  async function closeAll(): Promise<void> {
    for (const stream of streams) stream.close();
    while ((await metric("mimi_streams")) > 0);
  }

  async function metric(name: string): Promise<number> {
    const text = await (await fetch(`${provider.url}/metrics`)).text();
    return Number(new RegExp(`^${name} (.*)$`, "mu").exec(text)?.[1] ?? Number.NaN);
  }
});

function report(test: TestContext, line: string): void {
  test.diagnostic(`» ${line}`);
}
