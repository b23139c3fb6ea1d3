import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { submitMessageRequest } from "../../src/codec/hub-messages.js";
import type { RoomPolicy } from "../../src/codec/room-policy.js";
import { decode, encode } from "../../src/codec/tls.js";
import { viewGroup } from "../../src/mls/group.js";
import { ApiMember } from "../support/api-member.js";
import { openTestApp, type TestApp } from "../support/provider-app.js";
import { assertJson, assertRefused } from "../support/refusals.js";

describe("messages", () => {
  let app: TestApp;
  let rooms = 0;
  const member = (nickname: string) => ApiMember.register(app.url, nickname, app.fetch);
  async function pair(change?: (policy: RoomPolicy, bob: string) => RoomPolicy): Promise<[ApiMember, ApiMember]> {
    const [alice, bob] = [await member("Alice"), await member("Bob")];
    rooms += 1;
    await alice.createRoom(`room-${rooms}`, change && ((policy) => change(policy, bob.guest.userUri)));
    await bob.join(alice.room);
    await alice.catchUp();
    await bob.catchUp();
    return [alice, bob];
  }
  before(async () => {
    app = await openTestApp();
  });
  after(() => app.close());

  it("go both ways, in one order, with their senders known", async () => {
    const [alice, bob] = await pair();
    for (let turn = 0; turn < 10; turn++) {
      assert.equal((await alice.say(`from Alice ${turn}`)).status, 200);
      assert.equal((await bob.say(`from Bob ${turn}`)).status, 200);
    }
    const heard = (await alice.catchUp()).filter(({ kind }) => kind === "application");
    assert.deepEqual(
      heard,
      Array.from({ length: 10 }, (_, turn) => ({ kind: "application", text: `from Bob ${turn}`, sender: "Bob" })),
    );
    assert.deepEqual(cursorsOf(await alice.page(0)), cursorsOf(await bob.page(0)));
    assert.deepEqual(
      cursorsOf(await alice.page(0)),
      Array.from({ length: 21 }, (_, index) => index + 1),
    );
  });

  it("are answered from the log when they are repeated, also after the epoch", async () => {
    const [alice, bob] = await pair();
    const body = await alice.messageBody("once");
    const first = await assertJson(await alice.submit(body), 200);
    assert.deepEqual(await assertJson(await alice.submit(body), 200), first);
    assert.equal((await bob.commit()).status, 200);
    assert.deepEqual(await assertJson(await alice.submit(body), 200), first);
    assert.equal((await alice.page(1)).events.length, 2);
  });

  it("of an epoch that is over are refused with the current one", async () => {
    const [alice, bob] = await pair();
    const body = await alice.messageBody("late");
    assert.equal((await bob.commit()).status, 200);
    const { currentEpoch } = await assertRefused(await alice.submit(body), 409, "epochTooOld");
    assert.equal(currentEpoch, 2);
  });

  it("of an epoch to come are refused", async () => {
    const [alice, bob] = await pair();
    const own = await bob.stageUpdate();
    bob.group = own.next;
    await assertRefused(await bob.say("early"), 409, "wrongEpoch");
    assert.equal((await alice.say("in time")).status, 200);
  });

  it("of a former group of the room are refused", async () => {
    const [alice] = await pair();
    const stranger = await member("Carol");
    await stranger.createRoom("another-room");
    const { appMessage } = decode(submitMessageRequest, await stranger.messageBody("elsewhere"));
    const body = encode(submitMessageRequest, { protocol: "mls10", appMessage, sendingUri: alice.guest.userUri });
    await assertRefused(await alice.submit(body), 409, "epochTooOld");
  });

  it("from outside are refused", async () => {
    const [alice] = await pair();
    const carol = await member("Carol");
    carol.room = alice.room;
    await assertRefused(await carol.submit(await alice.messageBody("borrowed")), 403, "notSeated");
  });

  it("in somebody else's name are refused", async () => {
    const [alice, bob] = await pair();
    const request = decode(submitMessageRequest, await alice.messageBody("not me"));
    const body = encode(submitMessageRequest, { ...request, sendingUri: bob.guest.userUri });
    await assertRefused(await alice.submit(body), 400, "malformed");
  });

  it("of those without voice are refused by the rule", async () => {
    const [, bob] = await pair((policy) => ({ ...policy, moderated: true }));
    const { rule } = await assertRefused(await bob.say("psst"), 403, "notAllowed");
    assert.match(rule ?? "", /^5\.\d+\//u);
  });

  it("of the banned never come up: a banned user gets no GroupInfo and no seat", async () => {
    const alice = await member("Alice");
    const bob = await member("Bob");
    await alice.createRoom("banned", (policy) => banning(policy, bob.guest.userUri));
    bob.room = alice.room;
    bob.group = alice.joined();
    const body = encode(submitMessageRequest, {
      ...decode(submitMessageRequest, await alice.messageBody("let me in")),
      sendingUri: bob.guest.userUri,
    });
    await assertRefused(await bob.submit(body), 403, "notSeated");
    const asked = await bob.guest.request("POST", `${bob.path}/groupInfo`, Uint8Array.of(1, 0));
    assert.match((await assertRefused(asked, 403, "notAllowed")).rule ?? "", /banned/u);
    assert.equal((await alice.say("all well")).status, 200);
  });

  for (const [title, status, code, change] of [
    ["is truncated", 400, "malformed", (body: Uint8Array) => body.subarray(0, body.length - 1)],
    ["has an octet too many", 400, "malformed", (body: Uint8Array) => Uint8Array.of(...body, 0)],
    ["names an unknown protocol", 400, "malformed", (body: Uint8Array) => Uint8Array.of(9, ...body.subarray(1))],
    ["is empty", 400, "malformed", () => new Uint8Array()],
    [
      "is longer than any message",
      413,
      "tooLarge",
      (body: Uint8Array) => Uint8Array.of(...body, ...new Uint8Array(70_000)),
    ],
  ] as const) {
    it(`are refused when the request ${title}, and the next one works`, async () => {
      const [alice, bob] = await pair();
      await assertRefused(await alice.submit(change(await alice.messageBody("bad"))), status, code);
      assert.equal((await alice.say("good")).status, 200);
      assert.deepEqual(await bob.catchUp(), [{ kind: "application", text: "good", sender: "Alice" }]);
    });
  }

  it("that are no PrivateMessages are refused", async () => {
    const [alice] = await pair();
    const { commit } = await alice.stageUpdate();
    const request = { protocol: "mls10", appMessage: commit, sendingUri: alice.guest.userUri } as const;
    await assertRefused(await alice.submit(encode(submitMessageRequest, request)), 400, "malformed");
  });

  it("go nowhere while the room has no group", async () => {
    const alice = await member("Alice");
    await alice.createRoom("closed");
    const body = await alice.messageBody("anybody?");
    assert.equal((await alice.close()).status, 204);
    await assertRefused(await alice.submit(body), 409, "noGroup");
  });

  it("to an unknown room, and with a forged token, are refused", async () => {
    const [alice] = await pair();
    const body = new Uint8Array(await alice.messageBody("x"));
    await assertRefused(await alice.guest.request("POST", "/v1/rooms/unknown/submitMessage", body), 404, "noSuchRoom");
    const forged = { authorization: `Bearer ${"A".repeat(43)}` };
    await assertRefused(await app.send("POST", `${alice.path}/submitMessage`, body, forged), 401, "unauthenticated");
  });

  it("are limited a client, and the others go on", async () => {
    const limited = await openTestApp({ rates: { messagesPerClient: { points: 2, seconds: 60 } } });
    const alice = await ApiMember.register(limited.url, "Alice", limited.fetch);
    const bob = await ApiMember.register(limited.url, "Bob", limited.fetch);
    await alice.createRoom("limited");
    await bob.join(alice.room);
    await alice.catchUp();
    await bob.catchUp();
    assert.equal((await alice.say("one")).status, 200);
    assert.equal((await alice.say("two")).status, 200);
    const refused = await alice.say("three");
    assert.ok(Number(refused.headers.get("retry-after")) > 0);
    await assertRefused(refused, 429, "rateLimited");
    assert.equal((await bob.say("four")).status, 200);
    await limited.close();
  });

  it("come in pages, bounded by number and by size", async () => {
    const small = await openTestApp({ limits: { pageEvents: 3, pageBytes: 500 } });
    const alice = await ApiMember.register(small.url, "Alice", small.fetch);
    await alice.createRoom("pages");
    for (let index = 0; index < 5; index++) assert.equal((await alice.say(`${index}`)).status, 200);
    const first = await alice.page(0);
    assert.ok(first.more);
    assert.ok(first.events.length >= 1 && first.events.length <= 3);
    const seen: number[] = [];
    for (let more = true; more; ) {
      const page = await alice.page(seen.length);
      seen.push(...cursorsOf(page));
      more = page.more;
    }
    assert.deepEqual(seen, [1, 2, 3, 4, 5]);
    await small.close();
  });

  it("are given to nobody who never had a seat", async () => {
    const [alice] = await pair();
    const carol = await member("Carol");
    await assertRefused(await carol.guest.request("GET", `${alice.path}/events?after=0`), 403, "notSeated");
    await assertRefused(await alice.guest.request("GET", `${alice.path}/events?after=-1`), 400, "malformed");
  });

  it("are given to a member from its first commit to its last only", async () => {
    const alice = await member("Alice");
    const bob = await member("Bob");
    await alice.createRoom("interval");
    assert.equal((await alice.say("before")).status, 200);
    await bob.join(alice.room);
    await alice.catchUp();
    await bob.catchUp();
    assert.equal((await alice.say("during")).status, 200);
    assert.equal((await bob.selfRemove()).status, 200);
    await alice.catchUp();
    assert.equal((await alice.commit()).status, 200);
    await alice.catchUp();
    assert.equal((await alice.say("after")).status, 200);
    assert.deepEqual(cursorsOf(await bob.page(0)), [2, 3, 4, 5]);

    // what was said meanwhile may be a million messages: a page never reaches over it
    await bob.join(alice.room);
    const [first, second] = [await bob.page(0), await bob.page(5)];
    assert.deepEqual([cursorsOf(first), first.more], [[2, 3, 4, 5], true]);
    assert.deepEqual([cursorsOf(second), second.more], [[7], false]);
  });

  it("are found beyond a group in which nothing happened", async () => {
    const alice = await member("Alice");
    await alice.createRoom("restarted");
    assert.equal((await alice.say("before")).status, 200);
    const policy = viewGroup(alice.joined()).roomPolicy;
    for (let turn = 0; turn < 2; turn++) {
      assert.equal((await alice.close()).status, 204);
      assert.equal((await alice.startGroup(policy)).status, 201);
    }
    assert.equal((await alice.say("after")).status, 200);
    const [first, second] = [await alice.page(0), await alice.page(1)];
    assert.deepEqual([cursorsOf(first), first.more], [[1], true]);
    assert.deepEqual([cursorsOf(second), second.more], [[2], false]);
  });
});

function banning(policy: RoomPolicy, user: string): RoomPolicy {
  const [first] = policy.preAuthList;
  assert.ok(first);
  const entry = { ...first, targetRole: "banned", preauthUser: [user] } as const;
  return { ...policy, preAuthList: [...policy.preAuthList, entry] };
}

function cursorsOf(page: { readonly events: readonly { readonly cursor: bigint }[] }): number[] {
  return page.events.map(({ cursor }) => Number(cursor));
}
