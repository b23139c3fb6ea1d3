import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { defaultRates } from "../../provider/config.js";
import type { EventSocket } from "../../provider/hub/event-socket.js";
import { RateLimits } from "../../provider/rate-limits.js";
import { Refusal } from "../../provider/refusal.js";
import { openTestApp } from "../support/provider-app.js";

const rateLimited = (error: unknown) => error instanceof Refusal && error.code === "rateLimited";

describe("what anybody can make the provider keep", () => {
  it("is a count for so many addresses; those beyond share one, until the span is over", async () => {
    let now = 0;
    const clock = { now: () => now, later: () => () => undefined };
    const rates = { ...defaultRates, requestsPerIp: { points: 2, seconds: 60 } };
    const limits = new RateLimits(rates, clock, 3);
    const take = (key: string) => limits.take("requestsPerIp", key);
    for (const key of ["a", "b", "c", "a", "b", "c"]) await take(key);
    await assert.rejects(take("a"), rateLimited);
    await take("d");
    await take("e");
    await assert.rejects(take("f"), rateLimited);
    now = 60_000;
    await take("g");
    await take("g");
    await assert.rejects(take("g"), rateLimited);
  });

  for (const [title, frames] of [
    ["so many frames", Array<string>(33).fill("{}")],
    ["so many characters", Array<string>(3).fill("x".repeat(60_000))],
  ] as const) {
    it(`is ${title} of a stream that have not been answered`, async () => {
      const app = await openTestApp();
      const closed: number[] = [];
      const socket: EventSocket = {
        send: () => undefined,
        flushed: async () => undefined,
        backlog: 0,
        close: (code) => void closed.push(code),
        cut: () => undefined,
        ping: () => undefined,
      };
      const stream = app.openEventStream(socket, undefined);
      for (const frame of frames) stream?.received(frame);
      assert.deepEqual(closed, [4829]);
      await app.close();
    });
  }
});
