import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { toHex } from "../../src/codec/bytes.js";
import { updateRequest } from "../../src/codec/hub-messages.js";
import { decode, encode } from "../../src/codec/tls.js";
import { epochAuthenticator } from "../../src/mls/group.js";
import { ApiMember, bodyOf } from "../support/api-member.js";
import { openTestApp, type TestApp } from "../support/provider-app.js";
import { assertJson, assertRefused } from "../support/refusals.js";

interface Accepted {
  readonly acceptedTimestamp: number;
  readonly cursor: number;
  readonly epoch: number;
}

describe("updates", () => {
  let app: TestApp;
  let rooms = 0;
  const member = (nickname: string) => ApiMember.register(app.url, nickname, app.fetch);
  const submit = (who: ApiMember, body: Uint8Array) => who.guest.request("POST", `${who.path}/update`, body);
  async function roomOf(...nicknames: string[]): Promise<ApiMember[]> {
    const [first = "Alice", ...others] = nicknames;
    const creator = await member(first);
    rooms += 1;
    await creator.createRoom(`room-${rooms}`);
    const inside = [creator];
    for (const nickname of others) {
      const joiner = await member(nickname);
      await joiner.join(creator.room);
      inside.push(joiner);
      for (const each of inside) await each.catchUp();
    }
    return inside;
  }
  before(async () => {
    app = await openTestApp({ rates: { updatesPerClient: { points: 1000, seconds: 1 } } });
  });
  after(() => app.close());

  it("let a stranger join, and all agree on the epoch", async () => {
    const inside = await roomOf("Alice", "Bob", "Carol");
    const secrets = new Set(inside.map(({ group }) => group && toHex(epochAuthenticator(group))));
    assert.equal(secrets.size, 1);
    assert.deepEqual(new Set(inside.map(({ group }) => group?.epoch)), new Set([2n]));
  });

  it("are answered from the log when they are repeated, whatever has happened since", async () => {
    const [alice, bob] = await pair();
    const own = await bob.stageUpdate();
    const first = await assertJson<Accepted>(await submit(bob, bodyOf(own)), 200);
    assert.equal(first.epoch, 2);
    bob.accepted(own);
    await alice.catchUp();
    assert.equal((await alice.commit()).status, 200);
    assert.deepEqual(await assertJson(await submit(bob, bodyOf(own)), 200), first);
    assert.equal((await alice.page(0)).events.length, 3);
  });

  it("let exactly one of thirty commits win, and tell the others the epoch", async () => {
    const [alice] = await roomOf("Alice");
    assert.ok(alice);
    const joiners = await Promise.all(Array.from({ length: 30 }, (_, index) => member(`Guest ${index}`)));
    const staged = await Promise.all(
      joiners.map(async (joiner) => ({ joiner, ...(await joiner.stageJoin(alice.room)) })),
    );
    const answers = await Promise.all(staged.map(async ({ joiner, own }) => await submit(joiner, bodyOf(own))));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    for (const answer of answers.filter(({ status }) => status !== 200)) {
      const { currentEpoch } = await assertRefused(answer, 409, "wrongEpoch");
      assert.equal(currentEpoch, 1);
    }
    assert.equal((await alice.page()).events.length, 1);
  });

  it("let a dozen in who try at once and again, at one epoch", async () => {
    const [alice] = await roomOf("Alice");
    assert.ok(alice);
    const joiners = await Promise.all(Array.from({ length: 12 }, (_, index) => member(`Guest ${index}`)));
    await Promise.all(joiners.map((joiner) => joinAgainAndAgain(joiner, alice.room)));
    const all = [alice, ...joiners];
    for (const each of all) await each.catchUp();
    assert.deepEqual(new Set(all.map(({ group }) => group?.epoch)), new Set([12n]));
    assert.equal(new Set(all.map(({ group }) => group && toHex(epochAuthenticator(group)))).size, 1);
  });

  it("refuse a commit of an old epoch with the current one, and change nothing", async () => {
    const [alice, bob] = await pair();
    const old = await alice.stageUpdate();
    assert.equal((await bob.commit()).status, 200);
    const { currentEpoch } = await assertRefused(await submit(alice, bodyOf(old)), 409, "wrongEpoch");
    assert.equal(currentEpoch, 2);
    await alice.catchUp();
    await bob.catchUp();
    assert.equal((await alice.commit()).status, 200);
  });

  it("refuse a commit that another client made", async () => {
    const [alice, bob] = await pair();
    await assertRefused(await submit(alice, bodyOf(await bob.stageUpdate())), 403, "notSeated");
    assert.equal((await bob.commit()).status, 200);
  });

  it("refuse a commit with the GroupInfo of another", async () => {
    const [alice, bob] = await pair();
    const [one, two] = [await alice.stageUpdate(), await alice.stageUpdate()];
    await assertRefused(await submit(alice, bodyOf({ ...one, groupInfo: two.groupInfo })), 422, "invalidGroupInfo");
    await assertRefused(await submit(alice, bodyOf({ ...one, ratchetTree: two.ratchetTree })), 422, "invalidCommit");
    const bare = encode(updateRequest, { proposalOrCommit: one.commit, bundle: undefined });
    await assertRefused(await submit(alice, bare), 422, "invalidGroupInfo");
    assert.equal((await bob.commit()).status, 200);
  });

  it("refuse a commit with one bit flipped in anything that is signed", async () => {
    const [alice, bob] = await pair();
    const request = decode(updateRequest, bodyOf(await alice.stageUpdate()));
    // the confirmation and membership tags stand last; only members can check them (docs/threat-model.md)
    const signed = request.proposalOrCommit.length - 2 * 33;
    for (let at = 0; at < signed; at += 37) {
      const proposalOrCommit = request.proposalOrCommit.slice();
      proposalOrCommit[at] = (proposalOrCommit[at] ?? 0) ^ 4;
      const response = await submit(alice, encode(updateRequest, { ...request, proposalOrCommit }));
      assert.ok([400, 409, 422].includes(response.status), `${response.status} at ${at}`);
    }
    assert.equal((await bob.commit()).status, 200);
  });

  for (const [title, bytes] of [
    ["truncated", (body: Uint8Array) => body.subarray(0, body.length - 1)],
    ["followed by an octet", (body: Uint8Array) => Uint8Array.of(...body, 0)],
  ] as const) {
    it(`are refused as malformed when ${title}`, async () => {
      const [alice] = await pair();
      await assertRefused(await submit(alice, bytes(bodyOf(await alice.stageUpdate()))), 400, "malformed");
      assert.equal((await alice.commit()).status, 200);
    });
  }

  it("refuse a message in a commit's place", async () => {
    const [alice] = await pair();
    const body = encode(updateRequest, { proposalOrCommit: await alice.messageBody("x"), bundle: undefined });
    await assertRefused(await submit(alice, body), 400, "malformed");
  });

  it("keep a SelfRemove for whoever commits next, and count its user out", async () => {
    const [alice, bob, carol] = await trio();
    assert.equal((await bob.selfRemove()).status, 200);
    const shown = await assertJson<{ occupantCount: number }>(await app.send("GET", alice.path), 200);
    assert.equal(shown.occupantCount, 2);

    // a commit that was made before it came would leave the client in the group for ever
    const { rule, currentEpoch } = await assertRefused(await carol.commit(), 409, "wrongEpoch");
    assert.deepEqual({ rule, currentEpoch }, { rule: "hub/pending-proposals", currentEpoch: 2 });
    await carol.catchUp();
    assert.equal((await carol.commit()).status, 200);
    await alice.catchUp();
    assert.equal((await bob.page()).events.length, 2);
    await assertRefused(await bob.say("still here?"), 403, "notSeated");
  });

  it("give a pending SelfRemove to a joiner, who commits it", async () => {
    const [alice, bob] = await pair();
    assert.equal((await bob.selfRemove()).status, 200);
    const carol = await member("Carol");
    await carol.join(alice.room);
    await alice.catchUp();
    await carol.catchUp();
    assert.equal((await carol.say("hello")).status, 200);
    const [heard] = await alice.catchUp();
    assert.deepEqual(heard, { kind: "application", text: "hello", sender: "Carol" });
    const shown = await assertJson<{ occupantCount: number }>(await app.send("GET", alice.path), 200);
    assert.equal(shown.occupantCount, 2);
  });

  it("keep somebody who commits: when all ask to leave, the last is refused, and closes the group", async () => {
    const [alice, bob] = await pair();
    assert.equal((await bob.selfRemove()).status, 200);
    const { rule } = await assertRefused(await alice.selfRemove(), 403, "notAllowed");
    assert.equal(rule, "5.8/last-client");
    await alice.catchUp();
    assert.equal((await alice.commit()).status, 200);
    assert.equal((await alice.close()).status, 204);
  });

  it("take one SelfRemove a client", async () => {
    const [, bob] = await pair();
    assert.equal((await bob.selfRemove()).status, 200);
    const again = await bob.selfRemove();
    // Ed25519 signs alike each time, so the same proposal is the same message, which is answered from the log
    assert.equal(again.status, 200);
  });

  it("let a room be full", async () => {
    const small = await openTestApp({ limits: { membersPerRoom: 2 } });
    const [alice, bob, carol] = await Promise.all(
      ["Alice", "Bob", "Carol"].map((nickname) => ApiMember.register(small.url, nickname, small.fetch)),
    );
    assert.ok(alice && bob && carol);
    await alice.createRoom("small");
    await bob.join(alice.room);
    const { own } = await carol.stageJoin(alice.room);
    const { rule } = await assertRefused(await submit(carol, bodyOf(own)), 403, "notAllowed");
    assert.equal(rule, "hub/room-full");
    await small.close();
  });

  it("are limited a client", async () => {
    const limited = await openTestApp({ rates: { updatesPerClient: { points: 1, seconds: 60 } } });
    const alice = await ApiMember.register(limited.url, "Alice", limited.fetch);
    await alice.createRoom("limited");
    assert.equal((await alice.commit()).status, 200);
    await alice.catchUp();
    await assertRefused(await alice.commit(), 429, "rateLimited");
    await limited.close();
  });

  async function pair(): Promise<[ApiMember, ApiMember]> {
    const [alice, bob] = await roomOf("Alice", "Bob");
    assert.ok(alice && bob);
    return [alice, bob];
  }

  async function trio(): Promise<[ApiMember, ApiMember, ApiMember]> {
    const [alice, bob, carol] = await roomOf("Alice", "Bob", "Carol");
    assert.ok(alice && bob && carol);
    return [alice, bob, carol];
  }

  async function joinAgainAndAgain(joiner: ApiMember, room: string): Promise<void> {
    for (;;) {
      const { own, after } = await joiner.stageJoin(room);
      const response = await submit(joiner, bodyOf(own));
      if (response.status === 200) {
        joiner.accepted(own);
        joiner.cursor = after;
        return;
      }
      await assertRefused(response, 409, "wrongEpoch");
    }
  }
});
