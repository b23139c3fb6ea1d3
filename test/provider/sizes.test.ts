import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { defaultLimits, type Limits } from "../../provider/config.js";
import { ApiMember, bodyOf } from "../support/api-member.js";
import { openTestApp, type TestApp } from "../support/provider-app.js";
import { assertRefused } from "../support/refusals.js";

const LONGEST_NICKNAME = "\u{1F30A}".repeat(80);

describe("what goes to every member", () => {
  it("has leaves of any nickname, in a tree that the next commit can carry, however many they are", async () => {
    await using(async (app) => {
      const alice = await ApiMember.register(app.url, LONGEST_NICKNAME, app.fetch);
      await alice.createRoom("long");
      const bob = await ApiMember.register(app.url, LONGEST_NICKNAME, app.fetch);
      await bob.join(alice.room);
    });
    const { leafBytes, membersPerRoom, groupInfoBytes, updateBytes } = defaultLimits;
    const parents = 100 * membersPerRoom;
    const path = 256 * membersPerRoom;
    assert.ok(leafBytes * membersPerRoom + parents + path + 2 * groupInfoBytes <= updateBytes);
  });

  it("has no leaf that is larger than a client's identity asks for", async () => {
    await using(
      async (app) => {
        const alice = await ApiMember.register(app.url, "Al", app.fetch);
        await alice.createRoom("leaves");
        const bob = await ApiMember.register(app.url, LONGEST_NICKNAME, app.fetch);
        const { own } = await bob.stageJoin(alice.room);
        await assertRefused(await bob.guest.request("POST", `${alice.path}/update`, bodyOf(own)), 413, "tooLarge");
        await assertRefused(
          await bob.guest.request("POST", "/v1/rooms", await bob.roomRequest("own")),
          413,
          "tooLarge",
        );
        assert.equal((await alice.commit()).status, 200);
      },
      { leafBytes: 600 },
    );
  });

  it("has no proposal that is larger than a SelfRemove", async () => {
    await using(
      async (app) => {
        const alice = await ApiMember.register(app.url, "Alice", app.fetch);
        await alice.createRoom("proposals");
        await assertRefused(await alice.selfRemove(), 413, "tooLarge");
        assert.equal((await alice.say("still here")).status, 200);
      },
      { proposalBytes: 100 },
    );
  });

  it("has no GroupInfo that is larger than a policy asks for", async () => {
    await using(
      async (app) => {
        const alice = await ApiMember.register(app.url, "Alice", app.fetch);
        const body = await alice.roomRequest("context");
        await assertRefused(await alice.guest.request("POST", "/v1/rooms", body), 413, "tooLarge");
      },
      { groupInfoBytes: 200 },
    );
  });

  it("has no room's name that fills every event", async () => {
    await using(async (app) => {
      const alice = await ApiMember.register(app.url, "Alice", app.fetch);
      const body = await alice.roomRequest("x".repeat(1000));
      await assertRefused(await alice.guest.request("POST", "/v1/rooms", body), 413, "tooLarge");
    });
  });
});

describe("request bodies", () => {
  it("are bounded together, and whoever comes when they are answered is served", async () => {
    await using(
      async (app) => {
        let more: (chunk: Uint8Array) => void = () => undefined;
        let end: () => void = () => undefined;
        const slow = new ReadableStream<Uint8Array>({
          start(controller) {
            more = (chunk) => controller.enqueue(chunk);
            end = () => controller.close();
          },
        });
        more(new TextEncoder().encode(`{"clientUri":"${"x".repeat(80)}"`));
        const first = app.fetch(new Request(`${app.url}/v1/clients`, { method: "POST", body: slow, duplex: "half" }));
        // both are being read once the challenge has been asked for and given
        await app.send("POST", "/v1/challenges");
        const second = await app.send("POST", "/v1/clients", "x".repeat(80));
        await assertRefused(second, 503, "unavailable");
        assert.equal(second.headers.get("retry-after"), "1");
        end();
        await assertRefused(await first, 400, "malformed");
        await assertRefused(await app.send("POST", "/v1/clients", "x".repeat(80)), 400, "malformed");
      },
      { bodyBytes: 150 },
    );
  });

  it("that somebody begins and never ends keep no other address from being heard", async () => {
    await using(
      async (app) => {
        const endless = new ReadableStream<Uint8Array>({
          start: (controller) => controller.enqueue(new TextEncoder().encode("x".repeat(80))),
        });
        const post = (ip: string, body: string | ReadableStream) =>
          app.fetch(new Request(`${app.url}/v1/clients`, { method: "POST", body, duplex: "half" }), {
            ip,
            local: false,
          });
        void post("192.0.2.1", endless);
        // it is being read once the challenge has been asked for and given
        await app.send("POST", "/v1/challenges");
        await assertRefused(await post("192.0.2.1", "x".repeat(80)), 503, "unavailable");
        await assertRefused(await post("192.0.2.2", "x".repeat(80)), 400, "malformed");
      },
      { bodyBytes: 300, bodyBytesPerIp: 100 },
    );
  });
});

async function using(work: (app: TestApp) => Promise<void>, limits: Partial<Limits> = {}): Promise<void> {
  const app = await openTestApp({ limits });
  await work(app);
  await app.close();
}
