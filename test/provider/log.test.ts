import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ApiMember } from "../support/api-member.js";
import { openTestApp } from "../support/provider-app.js";
import { assertRefused } from "../support/refusals.js";

describe("the log", () => {
  it("has one line a refusal, with its code and rule, and nothing secret", async () => {
    const app = await openTestApp();
    const ip = "203.0.113.77";
    const send = (request: Request) => app.fetch(request, { ip, local: false });
    const alice = await ApiMember.register(app.url, "Alice-the-nickname", send);
    await alice.createRoom("logged");
    const before = app.lines.length;
    const bad = await alice.messageBody("bad");
    await alice.submit(bad.subarray(1));
    await alice.guest.request("POST", "/v1/rooms/unknown/groupInfo");
    await send(
      new Request(`${app.url}/v1/rooms`, { method: "POST", headers: { authorization: "Bearer forged-token" } }),
    );
    assert.equal((await alice.say("good")).status, 200);

    const refusals = app.lines.slice(before);
    assert.deepEqual(
      refusals.map(({ code, route, method, msg }) => ({ code, route, method, msg })),
      [
        { code: "malformed", route: "/v1/rooms/:room/submitMessage", method: "POST", msg: "refused" },
        { code: "noSuchRoom", route: "/v1/rooms/:room/groupInfo", method: "POST", msg: "refused" },
        { code: "unauthenticated", route: "/v1/rooms", method: "POST", msg: "refused" },
      ],
    );
    assert.equal(new Set(refusals.map(({ peer }) => peer)).size, 1);
    const text = JSON.stringify(app.lines);
    for (const secret of [ip, alice.guest.token, "forged-token", "Alice-the-nickname", "good"]) {
      assert.ok(!text.includes(secret), secret);
    }
    await app.close();
  });

  it("calls it no failure of its own when a body ends early", async () => {
    const app = await openTestApp();
    const broken = new ReadableStream({
      pull(controller) {
        controller.error(new Error("aborted"));
      },
    });
    const request = new Request(`${app.url}/v1/clients`, { method: "POST", body: broken, duplex: "half" });
    await assertRefused(await app.fetch(request), 400, "malformed");
    assert.deepEqual(
      app.lines.map(({ code, msg }) => ({ code, msg })),
      [{ code: "malformed", msg: "refused" }],
    );
    await app.close();
  });
});
