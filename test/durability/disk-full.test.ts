import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, describe, it } from "node:test";
import { ApiMember } from "../support/api-member.js";
import { StreamClient } from "../support/event-stream.js";
import { ProviderChild } from "../support/provider-child.js";
import { readLog } from "../support/read-log.js";
import { assertRefused } from "../support/refusals.js";

/** 512-octet blocks a file may have: room for a few dozen messages. */
const BLOCKS = 1024;
const TEXT = "x".repeat(8000);

const noPrlimit = spawnSync("prlimit", ["--version"]).status !== 0 && "prlimit is not installed";

describe("a provider whose disk is full", { skip: noPrlimit }, () => {
  let provider: ProviderChild;
  after(() => provider.dispose());

  it("says so to whoever writes, goes on reading, loses nothing, and goes on when there is room", async () => {
    provider = await ProviderChild.start({ fileBlocks: BLOCKS });
    const [alice, bob] = await pair(provider.url);
    const stream = await StreamClient.open(provider.url);
    stream.authenticate(bob.guest.token, [{ room: bob.room, after: bob.cursor }]);
    assert.deepEqual(await stream.next(), { type: "ready" });

    // until the disk is full
    const accepted: number[] = [];
    let refused: Response | undefined;
    let body = await alice.messageBody(TEXT);
    while (refused === undefined) {
      const answer = await alice.submit(body);
      if (answer.ok) {
        accepted.push(((await answer.json()) as { cursor: number }).cursor);
        body = await alice.messageBody(TEXT);
      } else refused = answer;
      assert.ok(accepted.length < 1000, "the disk is never full");
    }
    assert.equal(refused.headers.get("retry-after"), "10");
    await assertRefused(refused, 503, "unavailable");

    // all that writes is refused, again and again; the log says it once
    for (let turn = 0; turn < 20; turn++) await assertRefused(await alice.submit(body), 503, "unavailable");
    const join = await ApiMember.register(provider.url, "Carol").catch((error: unknown) => String(error));
    assert.match(String(join), /503/u);
    const full = provider.lines.filter(({ fault }) => fault !== undefined);
    assert.equal(full.length, 1, JSON.stringify(provider.lines));
    assert.equal(provider.lines.filter(({ code }) => code === "internal").length, 0);

    // what was acknowledged is there, and is read
    assert.deepEqual(await stream.cursors(accepted.length), accepted);
    assert.equal((await bob.catchUp()).length, accepted.length);
    assert.equal((await fetch(`${provider.url}/healthz`)).status, 200);
    await assertRefused(await fetch(`${provider.url}/readyz`), 503, "unavailable");

    // there is room again
    assert.equal(spawnSync("prlimit", [`--pid=${provider.pid}`, "--fsize=unlimited"]).status, 0);
    const answer = await alice.submit(body);
    assert.equal(answer.status, 200, "the same message, now");
    const { cursor } = (await answer.json()) as { cursor: number };
    assert.equal(cursor, (accepted.at(-1) ?? 0) + 1, "no cursor was lost or given twice");
    assert.deepEqual(await stream.cursors(1), [cursor]);
    for (let ready = 503; ready !== 200; ) {
      ({ status: ready } = await fetch(`${provider.url}/readyz`));
    }
    await alice.catchUp();
    assert.equal((await alice.commit()).status, 200, "the room in memory is the room on the disk");
    stream.close();

    // and after kill -9 it is as it was
    await provider.end("SIGKILL");
    const log = await readLog(provider.dataDir);
    assert.deepEqual(
      log.map((line) => line.cursor),
      Array.from({ length: cursor + 1 }, (_, index) => index + 1),
    );
  });

  it("is stopped as ever, and has everything when it is started again", async () => {
    const full = await ProviderChild.start();
    const [alice] = await pair(full.url);
    for (let turn = 0; turn < 20; turn++) assert.equal((await alice.say(TEXT)).status, 200);
    const { length } = (await alice.page(0)).events;
    assert.equal(spawnSync("prlimit", [`--pid=${full.pid}`, "--fsize=65536"]).status, 0);
    await assertRefused(await alice.say(TEXT), 503, "unavailable");
    assert.equal(await full.end("SIGTERM"), 0, full.output);
    await full.start();
    assert.equal((await alice.page(0)).events.length, length);
    await full.dispose();
  });
});

async function pair(url: string): Promise<[ApiMember, ApiMember]> {
  const alice = await ApiMember.register(url, "Alice");
  const bob = await ApiMember.register(url, "Bob");
  await alice.createRoom("full");
  await bob.join(alice.room);
  await alice.catchUp();
  await bob.catchUp();
  return [alice, bob];
}
