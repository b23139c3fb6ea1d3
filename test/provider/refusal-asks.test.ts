import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { AppStream } from "../support/app-stream.js";
import { refuse } from "../support/event-refusals.js";
import { openTestApp, type TestApp } from "../support/provider-app.js";
import { roomOf } from "../support/provisional-room.js";

describe("A commit that somebody refuses in a crowd", () => {
  let app: TestApp;
  before(async () => {
    app = await openTestApp({ rates: { updatesPerClient: { points: 1000, seconds: 1 } } });
  });
  after(() => app.close());

  it("is asked about of all who are connected before it is taken back, not of the four whose turn it was", async () => {
    const [alice, bob, ...others] = await roomOf(
      app,
      "Alice",
      "Bob",
      "Carol",
      "Dave",
      "Erin",
      "Frank",
      "Grace",
      "Heidi",
    );
    assert.ok(alice && bob);
    const streams: AppStream[] = [];
    for (const other of others) streams.push(await AppStream.follow(app, other));
    const own = await alice.stageUpdate();
    assert.equal((await alice.offer(own)).status, 200);
    // those whose turn it is first are slow, or the refuser's own
    const silent = new Set(streams.filter(({ asked }) => asked.length > 0));
    assert.equal(silent.size, 2);
    const waiting = refuse(bob, own.commit);
    for (let seconds = 0; seconds < 3; seconds++) {
      while (!app.lines.some(({ msg, room }) => msg === "event refused" && room === alice.room)) await turn();
      await turn();
      for (const stream of streams) {
        if (silent.has(stream) || stream.asked.length === 0) continue;
        if (silent.size < 4) silent.add(stream);
        else await stream.acknowledge();
      }
      app.pass(1000);
    }
    assert.equal(await waiting, "acknowledged");
    for (const stream of streams) stream.hangUp();
  });
});

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}
