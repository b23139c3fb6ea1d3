import { expect } from "@open-wc/testing";
import { backoff, fraction } from "../../src/transport/backoff.js";
import { network } from "../../src/transport/network.js";
import type { Fetch } from "../../src/transport/ports.js";
import { createProviderClient } from "../../src/transport/provider-client.js";
import { ProviderRefusal, Unreachable } from "../../src/transport/provider-refusal.js";
import { reconnectWait } from "../../src/transport/reconnect-wait.js";
import { providerUrl } from "../support/engine-world.js";

function clientOf(provider: string, fetch: Fetch = network.fetch) {
  return createProviderClient({ provider, fetch, clock: network.clock });
}

async function caught(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("ProviderClient", () => {
  it("reads the directory and a challenge", async () => {
    const client = clientOf(await providerUrl());
    const { domain, hubSender } = await client.directory();
    expect(hubSender.uri).to.equal(`mimi://${domain}`);
    expect(hubSender.signatureKey).to.have.lengthOf(32);
    const { challenge, expiresAt } = await client.challenge();
    expect(challenge.length).to.be.at.least(16);
    expect(expiresAt).to.be.greaterThan(Date.now());
  });

  it("throws what the provider refuses, with its code", async () => {
    const provider = await providerUrl();
    const room = `mimi://${new URL(provider).host}/r/nowhere`;
    const unknown = await caught(clientOf(provider).room(room));
    expect(unknown).to.be.instanceOf(ProviderRefusal);
    expect(unknown).to.include({ status: 404, code: "noSuchRoom", definite: true });
    const forged = await caught(clientOf(provider).groupInfo("forged", room));
    expect(forged).to.include({ status: 401, code: "unauthenticated" });
    const empty = await caught(clientOf(provider).update("forged", room, new Uint8Array()));
    expect(empty).to.be.instanceOf(ProviderRefusal);
  });

  for (const [title, status, headers, body] of [
    ["a page of a proxy", 502, {}, "<html>Bad Gateway</html>"],
    ["JSON of another kind", 200, {}, '{"hello":"world"}'],
    ["a refusal without code", 404, {}, "{}"],
    ["octets that are no text", 200, {}, new Uint8Array([0xff])],
  ] as const) {
    it(`takes ${title} for no answer at all`, async () => {
      const fetch: Fetch = async () => new Response(body, { status, headers });
      expect(await caught(clientOf("https://p.example", fetch).room("mimi://p.example/r/a"))).to.be.instanceOf(
        Unreachable,
      );
    });
  }

  it("says how long a provider asks to wait, and that nothing is decided", async () => {
    const fetch: Fetch = async () =>
      new Response('{"code":"rateLimited","message":"slowly"}', { status: 429, headers: { "Retry-After": "3" } });
    const refused = await caught(clientOf("https://p.example", fetch).challenge());
    expect(refused).to.include({ code: "rateLimited", retryAfter: 3_000, definite: false });
  });

  for (const [header, wait] of [
    ["1000000000", 300_000],
    ["-5", undefined],
    ["soon", undefined],
  ] as const) {
    it(`waits ${wait ?? "no time"} when it is asked to wait ${header}`, async () => {
      const fetch: Fetch = async () =>
        new Response('{"code":"unavailable","message":""}', { status: 503, headers: { "Retry-After": header } });
      expect(await caught(clientOf("https://p.example", fetch).challenge())).to.include({ retryAfter: wait });
    });
  }

  it("reads no more of an answer than any answer has", async () => {
    let given = 0;
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(65_536).fill(++given)),
      cancel: () => {
        cancelled = true;
      },
    });
    const fetch: Fetch = async () => new Response(endless);
    expect(await caught(clientOf("https://p.example", fetch).challenge())).to.be.instanceOf(Unreachable);
    expect(cancelled).to.equal(true);
    expect(given).to.be.lessThan(300);
  });

  it("does not begin to read an answer that says that it is too long", async () => {
    const headers = { "Content-Length": "1000000000" };
    const answer = new Response("{}", { headers });
    expect(await caught(clientOf("https://p.example", async () => answer).challenge())).to.be.instanceOf(Unreachable);
  });

  it("takes a login page for no answer, where an answer has no content", async () => {
    const fetch: Fetch = async () => new Response("<html>Welcome to this hotel!</html>");
    const client = clientOf("https://p.example", fetch);
    const room = "mimi://p.example/r/a";
    expect(await caught(client.closeGroup("token", room))).to.be.instanceOf(Unreachable);
    expect(await caught(client.setOrigins("token", room, []))).to.be.instanceOf(Unreachable);
  });

  it("gives up on an answer that does not come", async () => {
    const clock = { ...network.clock, after: (_: number, then: () => void) => network.clock.after(1, then) };
    const fetch: Fetch = (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason));
      });
    const client = createProviderClient({ provider: "https://p.example", fetch, clock });
    expect(await caught(client.directory())).to.be.instanceOf(Unreachable);
  });
});

describe("reconnectWait", () => {
  const none = (length: number) => new Uint8Array(length);
  const all = (length: number) => new Uint8Array(length).fill(0xff);
  const most = (failures: number, end: { code: number; retryAfter?: number }) => {
    const { asked, more } = reconnectWait(failures, end, all);
    return asked + more;
  };

  it("spreads those who lost the same provider over all of a window that grows", () => {
    expect(reconnectWait(0, { code: 1006 }, none)).to.deep.equal({ asked: 0, more: 50 });
    expect(most(0, { code: 1006 })).to.be.within(2_000, 2_051);
    expect(most(2, { code: 1006 })).to.be.within(8_000, 8_051);
    expect(most(23, { code: 1006 })).to.be.within(29_999, 30_051);
  });

  it("grows to minutes for a provider that is away for long", () => {
    expect(most(1_000, { code: 1006 })).to.be.within(299_000, 300_051);
  });

  it("leaves a provider in peace that asks for it, whoever is in a hurry", () => {
    expect(reconnectWait(0, { code: 1013 }, none)).to.deep.equal({ asked: 5_000, more: 50 });
    expect(reconnectWait(0, { code: 1006, retryAfter: 60_000 }, all).asked).to.equal(60_000);
    expect(most(0, { code: 1006, retryAfter: 60_000 })).to.be.within(89_000, 91_000);
  });
});

describe("backoff", () => {
  it("doubles, with jitter, and never exceeds thirty seconds", () => {
    const none = (length: number) => new Uint8Array(length);
    const all = (length: number) => new Uint8Array(length).fill(0xff);
    expect([0, 1, 2].map((attempt) => backoff(attempt, none))).to.deep.equal([250, 500, 1000]);
    expect(backoff(1_000, all)).to.be.at.most(30_000);
    expect(fraction(all)).to.be.lessThan(1);
  });
});
