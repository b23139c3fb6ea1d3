import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { fromBase64Url, toBase64Url } from "../../src/codec/bytes.js";
import { createRoomRequest } from "../../src/codec/hub-messages.js";
import type { Acceptance } from "../../src/codec/leaf-extensions.js";
import { type RoomPolicy, roomPolicy } from "../../src/codec/room-policy.js";
import { decode, encode } from "../../src/codec/tls.js";
import { ApiMember } from "../support/api-member.js";
import { openTestApp, type TestApp } from "../support/provider-app.js";
import { assertJson, assertRefused } from "../support/refusals.js";

interface Preview {
  readonly room: string;
  readonly name: string;
  readonly host: string;
  readonly occupantCount: number;
  readonly policy: string;
  readonly hasGroup: boolean;
}

describe("rooms", () => {
  let app: TestApp;
  const member = (nickname: string) => ApiMember.register(app.url, nickname, app.fetch);
  const preview = async (id: string) => await assertJson<Preview>(await app.send("GET", `/v1/rooms/${id}`), 200);
  before(async () => {
    app = await openTestApp();
  });
  after(() => app.close());

  it("are made by a group of epoch 0, and shown to strangers", async () => {
    const alice = await member("Alice");
    const made = await assertJson(await alice.createRoom("made"), 201);
    assert.deepEqual(made, { room: "mimi://provider.example/r/made", cursor: 0, epoch: 0 });
    const { policy, ...shown } = await preview("made");
    assert.deepEqual(shown, {
      room: "mimi://provider.example/r/made",
      name: "Test",
      host: "provider.example",
      occupantCount: 1,
      hasGroup: true,
    });
    assert.equal(decode(roomPolicy, fromBase64Url(policy)).membershipStyle, "open");
  });

  it("answer a repeated request as the first, and another one for the same room with roomExists", async () => {
    const alice = await member("Alice");
    const body = await alice.roomRequest("twice");
    const first = await assertJson(await alice.guest.request("POST", "/v1/rooms", body), 201);
    assert.deepEqual(await assertJson(await alice.guest.request("POST", "/v1/rooms", body), 201), first);
    const bob = await member("Bob");
    await assertRefused(
      await bob.guest.request("POST", "/v1/rooms", await bob.roomRequest("twice")),
      409,
      "roomExists",
    );
  });

  it("are refused with somebody else's group", async () => {
    const [alice, bob] = [await member("Alice"), await member("Bob")];
    const body = await alice.roomRequest("others");
    await assertRefused(await bob.guest.request("POST", "/v1/rooms", body), 422, "invalidGroupInfo");
  });

  it("are refused under another provider's name", async () => {
    const alice = await member("Alice");
    await alice.roomRequest("x");
    alice.room = "mimi://elsewhere.example/r/x";
    const body = encode(createRoomRequest, { ...(await alice.newGroup(eventPolicy(alice))), origins: [] });
    await assertRefused(await alice.guest.request("POST", "/v1/rooms", body), 422, "invalidGroupInfo");
  });

  it("are refused when external_senders is not the hub", async () => {
    const alice = await member("Alice");
    await alice.roomRequest("senders");
    const stranger = { uri: "mimi://provider.example", signatureKey: new Uint8Array(32) };
    const group = await alice.newGroup(eventPolicy(alice), stranger);
    const body = encode(createRoomRequest, { ...group, origins: [] });
    await assertRefused(await alice.guest.request("POST", "/v1/rooms", body), 422, "invalidGroupInfo");
  });

  it("are refused with a policy that is not valid, by its rule", async () => {
    const alice = await member("Alice");
    const body = await alice.roomRequest("invalid", (policy) => ({ ...policy, knockAllowed: true }));
    const { rule } = await assertRefused(await alice.guest.request("POST", "/v1/rooms", body), 422, "invalidPolicy");
    assert.match(rule ?? "", /^valid\//u);
  });

  it("are refused to a creator who is neither owner nor admin", async () => {
    const alice = await member("Alice");
    const nobody = (policy: RoomPolicy): RoomPolicy => ({
      ...policy,
      preAuthList: policy.preAuthList.map((entry) =>
        entry.targetRole === "owner" ? { ...entry, preauthUser: ["mimi://provider.example/u/somebody"] } : entry,
      ),
    });
    const body = await alice.roomRequest("not-owner", nobody);
    const { rule } = await assertRefused(await alice.guest.request("POST", "/v1/rooms", body), 403, "notAllowed");
    assert.equal(rule, "5.1/not-a-moderator");
  });

  for (const [title, bytes] of [
    ["truncated", (body: Uint8Array) => body.subarray(0, body.length - 1)],
    ["followed by an octet", (body: Uint8Array) => Uint8Array.of(...body, 0)],
    ["empty", () => new Uint8Array()],
  ] as const) {
    it(`are refused as malformed when the request is ${title}`, async () => {
      const alice = await member("Alice");
      const body = bytes(await alice.roomRequest("malformed"));
      await assertRefused(await alice.guest.request("POST", "/v1/rooms", body), 400, "malformed");
      await assertRefused(await app.send("GET", "/v1/rooms/malformed"), 404, "noSuchRoom");
    });
  }

  it("are refused when one bit of the group is wrong", async () => {
    const alice = await member("Alice");
    const body = await alice.roomRequest("flipped");
    body[body.length - 20] = (body[body.length - 20] ?? 0) ^ 1;
    const response = await alice.guest.request("POST", "/v1/rooms", body);
    assert.ok(response.status === 400 || response.status === 422, String(response.status));
  });

  it("may be used on the sites they name, and no other", async () => {
    const alice = await member("Alice");
    await alice.createRoom("origins", undefined, ["https://site.example"]);
    const asked = (origin: string) => app.send("GET", "/v1/rooms/origins", undefined, { origin });
    assert.equal((await asked("https://site.example")).status, 200);
    assert.equal((await asked("https://provider.example")).status, 200);
    assert.equal((await app.send("GET", "/v1/rooms/origins")).status, 200);
    await assertRefused(await asked("https://other.example"), 403, "originNotAllowed");
    await assertRefused(await asked("null"), 403, "originNotAllowed");

    const put = (who: ApiMember, origins: unknown) =>
      who.guest.request("PUT", "/v1/rooms/origins/origins", { origins });
    assert.equal((await put(alice, ["https://other.example"])).status, 204);
    assert.equal((await asked("https://other.example")).status, 200);
    await assertRefused(await asked("https://site.example"), 403, "originNotAllowed");
    await assertRefused(await put(alice, ["other.example"]), 400, "malformed");
    await assertRefused(await put(alice, ["https://other.example/path"]), 400, "malformed");
    await assertRefused(await put(await member("Bob"), []), 403, "notAllowed");
  });

  it("wait without a group when the last member closes it, and begin again under the same policy", async () => {
    const [alice, bob] = [await member("Alice"), await member("Bob")];
    await alice.createRoom("again");
    assert.equal((await alice.close()).status, 204);
    assert.equal((await alice.close()).status, 204);
    assert.deepEqual((await preview("again")).hasGroup, false);

    bob.room = alice.room;
    const { policy } = await preview("again");
    const retained = fromBase64Url(policy);
    const other = encode(roomPolicy, { ...decode(roomPolicy, retained), readReceipts: "forbidden" });
    const { rule } = await assertRefused(await bob.startGroup(other), 403, "notAllowed");
    assert.equal(rule, "5.1/retained-policy");
    assert.deepEqual(await assertJson(await bob.startGroup(retained), 201), { cursor: 0, epoch: 0 });
    await assertRefused(await alice.startGroup(retained), 409, "groupExists");
    await alice.join(alice.room);
    await bob.catchUp();
    assert.equal((await preview("again")).occupantCount, 2);
    await assertRefused(await bob.close(), 403, "notAllowed");
  });

  it("are not begun again by a client whose leaf says that its user does not accept them", async () => {
    const alice = await member("Alice");
    await alice.createRoom("unwanted");
    assert.equal((await alice.close()).status, 204);
    const retained = fromBase64Url((await preview("unwanted")).policy);
    const { guest } = await member("Bob");
    const everything = { logging: true, history: true, bots: true, receipts: true, pseudonyms: true };
    const saying = (acceptance: Acceptance): ApiMember => {
      const bob = new ApiMember({ ...guest, identity: { ...guest.identity, acceptance } });
      bob.room = alice.room;
      return bob;
    };
    const unwilling = saying({ ...everything, pseudonyms: false });
    const { rule } = await assertRefused(await unwilling.startGroup(retained), 403, "notAllowed");
    assert.equal(rule, "5.1/not-accepted");
    assert.equal((await saying(everything).startGroup(retained)).status, 201);
  });

  it("are gone with their group when they are not persistent", async () => {
    const alice = await member("Alice");
    await alice.createRoom("temporary", (policy) => ({ ...policy, persistentRoom: false }));
    await alice.say("soon gone");
    assert.equal((await alice.close()).status, 204);
    await assertRefused(await app.send("GET", "/v1/rooms/temporary"), 404, "noSuchRoom");
    await alice.createRoom("temporary");
  });

  it("answer what nobody knows with a code", async () => {
    await assertRefused(await app.send("GET", "/v1/rooms/unknown"), 404, "noSuchRoom");
    await assertRefused(await app.send("GET", "/v1/rooms/%00"), 404, "noSuchRoom");
    await assertRefused(await app.send("GET", "/v1/nothing"), 404, "noSuchRoute");
    await assertRefused(await app.send("PATCH", "/v1/rooms"), 404, "noSuchRoute");
  });

  it("let pages of any site ask, without cookies", async () => {
    const asked = await app.send("OPTIONS", "/v1/rooms/x/update", undefined, { origin: "https://site.example" });
    assert.equal(asked.status, 204);
    assert.equal(asked.headers.get("access-control-allow-origin"), "*");
    assert.match(asked.headers.get("access-control-allow-headers") ?? "", /Authorization/u);
    const refused = await app.send("GET", "/v1/rooms/unknown");
    assert.equal(refused.headers.get("access-control-allow-origin"), "*");
    assert.equal(refused.headers.get("cross-origin-resource-policy"), "cross-origin");
    assert.equal(refused.headers.get("access-control-expose-headers"), "Retry-After");
  });

  it("stop at the number that the operator set", async () => {
    const small = await openTestApp({ limits: { rooms: 1 } });
    const alice = await ApiMember.register(small.url, "Alice", small.fetch);
    await alice.createRoom("one");
    const body = await alice.roomRequest("two");
    await assertRefused(await alice.guest.request("POST", "/v1/rooms", body), 503, "unavailable");
    await small.close();
  });

  function eventPolicy(owner: ApiMember): Uint8Array {
    const group = owner.joined();
    const extension = group.context.extensions.find(({ extensionType }) => extensionType === 0xf0a0);
    assert.ok(extension, toBase64Url(group.groupId));
    return extension.extensionData;
  }
});
