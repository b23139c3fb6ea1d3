import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { registerGuest } from "../../demo/guest.js";
import { toBase64Url } from "../../src/codec/bytes.js";
import { groupInfoResponse } from "../../src/codec/hub-messages.js";
import { EXTENSION } from "../../src/codec/leaf-extensions.js";
import { roomPolicy } from "../../src/codec/room-policy.js";
import { decode, encode } from "../../src/codec/tls.js";
import { stageCommit } from "../../src/mls/commit.js";
import { viewGroup } from "../../src/mls/group.js";
import { openGroupInfo } from "../../src/mls/group-info.js";
import { generateUserKey } from "../../src/mls/signing.js";
import { ApiMember } from "../support/api-member.js";
import { AppStream } from "../support/app-stream.js";
import { postRefusal, refusalBody, refuse } from "../support/event-refusals.js";
import { type Forgery, forgeCommit } from "../support/forged-commits.js";
import { openTestApp, type TestApp } from "../support/provider-app.js";
import { acknowledge, commitForged, contentsOf, roomOf } from "../support/provisional-room.js";
import { assertJson, assertRefused } from "../support/refusals.js";

const FORGERIES: readonly Forgery[] = ["confirmation tag", "membership tag", "external_pub", "path ciphertexts"];

describe("A commit that is taken back", () => {
  let app: TestApp;
  before(async () => {
    app = await openTestApp({ rates: { updatesPerClient: { points: 1000, seconds: 1 } } });
  });
  after(() => app.close());

  for (const forgery of FORGERIES) {
    it(`leaves the room as it was, which goes on: a member's ${forgery}`, async () => {
      const [alice, bob, carol] = await room("Alice", "Bob", "Carol");
      const known = await shownTo(bob);
      const stored = await contentsOf(app, alice);
      const { commit } = await commitForged(alice, forgery);
      assert.notDeepEqual(await contentsOf(app, alice), stored);
      assert.equal(await refuse(bob, commit), "rolledBack");
      assert.deepEqual(await contentsOf(app, alice), stored);
      assert.deepEqual(await shownTo(bob), known);
      await goesOn(bob, carol);
    });

    if (forgery === "membership tag") continue;
    it(`leaves the room as it was, which goes on: a joiner's ${forgery}`, async () => {
      const [alice, bob] = await room("Alice", "Bob");
      const stored = await contentsOf(app, alice);
      const mallory = await member("Mallory");
      const { own } = await mallory.stageJoin(alice.room);
      const { state } = await openGroupInfo(mallory.guest.crypto, await mallory.groupInfo());
      const forged = await forgeCommit(mallory.guest.crypto, state, own, forgery);
      assert.equal((await mallory.offer(forged)).status, 200);
      assert.equal(await refuse(bob, forged.commit), "rolledBack");
      assert.deepEqual(await contentsOf(app, alice), stored);
      await assertRefused(await mallory.guest.request("GET", `${mallory.path}/events`), 403, "notSeated");
      await goesOn(alice, bob);
    });
  }

  it("gives back the seats and proposals that it took, and takes those that came with it and after it", async () => {
    const [alice, bob, carol, dave] = await room("Alice", "Bob", "Carol", "Dave");
    assert.equal((await dave.selfRemove()).status, 200);
    for (const each of [alice, bob, carol]) await each.catchUp();
    await acknowledge(app, bob);
    const known = await shownTo(bob);
    const stored = await contentsOf(app, alice);
    const { commit } = await commitForged(alice);
    // who joins from outside does not see what is wrong, and speaks, and leaves
    const erin = await member("Erin");
    const frank = await member("Frank");
    for (const newcomer of [erin, frank]) {
      await newcomer.join(alice.room);
      await newcomer.catchUp();
    }
    await erin.catchUp();
    assert.equal((await erin.say("hello?")).status, 200);
    assert.equal((await frank.selfRemove()).status, 200);
    await erin.catchUp();
    assert.equal((await erin.commit()).status, 200);
    await assertRefused(await dave.say("I have left"), 403, "notSeated");
    assert.notDeepEqual(await contentsOf(app, alice), stored);

    assert.equal(await refuse(bob, commit), "rolledBack");
    assert.deepEqual(await contentsOf(app, alice), stored);
    assert.deepEqual(await shownTo(bob), known);
    await assertRefused(await erin.say("where are you?"), 403, "notSeated");
    await assertRefused(await frank.say("where are you?"), 403, "notSeated");
    await goesOn(bob, carol);
    await assertRefused(await dave.say("still here?"), 403, "notSeated");
  });

  it("gives back the policy, and goes back to a group that has never had a commit", async () => {
    const [alice] = await room("Alice");
    const stored = await contentsOf(app, alice);
    const mallory = await member("Mallory");
    const { own } = await mallory.stageJoin(alice.room);
    const { state } = await openGroupInfo(mallory.guest.crypto, await mallory.groupInfo());
    const forged = await forgeCommit(mallory.guest.crypto, state, own, "external_pub");
    assert.equal((await mallory.offer(forged)).status, 200);
    assert.equal(await refuse(alice, forged.commit), "rolledBack");
    assert.deepEqual(await contentsOf(app, alice), stored);

    const bob = await member("Bob");
    await bob.join(alice.room);
    await alice.catchUp();
    assert.equal((await alice.say("hello Bob")).status, 200);
    await bob.catchUp();
    const known = await shownTo(bob);
    const extensions = alice.joined().context.extensions.map((extension) => {
      if (extension.extensionType !== EXTENSION.roomPolicy) return extension;
      const policy = { ...decode(roomPolicy, extension.extensionData), multiDevice: false };
      return { ...extension, extensionData: encode(roomPolicy, policy) };
    });
    const proposals = [{ kind: "groupContextExtensions", extensions }] as const;
    const changed = await stageCommit(alice.guest.crypto, alice.joined(), { proposals, references: [] });
    const { commit } = await commitForged(alice, "confirmation tag", changed);
    const { policy } = await assertJson<{ policy: string }>(await app.send("GET", alice.path), 200);
    assert.notEqual(policy, toBase64Url(viewGroup(alice.joined()).roomPolicy));
    assert.equal(await refuse(bob, commit), "rolledBack");
    assert.deepEqual(await shownTo(bob), known);
  });

  it("leaves the provisional ones before it, which can still be taken back", async () => {
    const [alice, bob, carol] = await room("Alice", "Bob", "Carol");
    const before = await contentsOf(app, alice);
    const first = await alice.stageUpdate();
    assert.equal((await alice.offer(first)).status, 200);
    alice.accepted(first);
    await alice.catchUp();
    const between = await contentsOf(app, alice);
    const second = await commitForged(alice);
    const outsider = await refusalBody(bob, second.commit, { says: {}, signs: { epoch: bob.joined().epoch + 1n } });
    // Bob has read neither, so he says what the epoch is that the second ends
    assert.deepEqual(await assertJson(await postRefusal(bob, outsider), 200), { outcome: "rolledBack" });
    assert.deepEqual(await contentsOf(app, alice), between);
    assert.equal(await refuse(carol, first.commit), "rolledBack");
    assert.deepEqual(await contentsOf(app, alice), before);
  });

  it("answers all who refused it, or what stands on it, alike", async () => {
    const [alice, bob, carol] = await room("Alice", "Bob", "Carol");
    const silent = await AppStream.follow(app, carol);
    const first = await commitForged(alice);
    const erin = await member("Erin");
    const { own, after } = await erin.stageJoin(alice.room);
    assert.equal((await erin.offer(own)).status, 200);
    erin.accepted(own);
    erin.cursor = after;
    const body = await refusalBody(bob, own.commit, { signs: { epoch: bob.joined().epoch + 1n } });
    const refused = async (count: number) => {
      const taken = () =>
        app.lines.filter(({ msg, room: uri }) => msg === "event refused" && uri === alice.room).length;
      while (taken() < count) await new Promise(setImmediate);
    };
    const ofFirst = refuse(bob, first.commit);
    await refused(1);
    app.pass(1000);
    const ofSecond = postRefusal(bob, body);
    await refused(2);
    // the first's three seconds are over, and with it goes the second
    app.pass(2000);
    assert.equal(await ofFirst, "rolledBack");
    assert.deepEqual(await assertJson(await ofSecond, 200), { outcome: "rolledBack" });
    silent.hangUp();
  });

  it("closes every stream of the room, and no other; with its old place a client begins anew, with a place that is gone it does not", async () => {
    const [alice, bob, carol] = await room("Alice", "Bob", "Carol");
    const [olga] = await room("Olga");
    const followers = await Promise.all([alice, bob, carol].map((who) => AppStream.follow(app, who)));
    const other = await AppStream.follow(app, olga);
    const { commit } = await commitForged(alice);
    const gone = bob.cursor + 1;
    assert.deepEqual(await Promise.all([refuse(bob, commit), refuse(carol, commit)]), ["rolledBack", "rolledBack"]);
    for (const { came } of followers) {
      const [error, closed] = came.slice(-2);
      assert.ok(error?.type === "error" && error.code === "logDiverged");
      assert.deepEqual(closed, { type: "closed", code: 4809 });
    }
    await other.tell({ type: "ping" });
    assert.equal(other.came.at(-1)?.type, "pong");

    const again = await AppStream.follow(app, bob);
    assert.equal((await carol.say("after all")).status, 200);
    assert.deepEqual(
      again.came.map((incoming) => (incoming.type === "event" ? Number(incoming.event.cursor) : incoming.type)),
      ["ready", gone],
    );
    // the log has another event there now
    const hash = createHash("sha256").update(commit).digest("base64url");
    const page = await alice.guest.request("GET", `${alice.path}/events?after=${gone}&hash=${hash}`);
    await assertRefused(page, 409, "logDiverged");
    for (const stream of [...followers, other, again]) stream.hangUp();
  });

  it("bars its committer's user in the room for an hour from committing and joining, and from nothing else", async () => {
    const [alice, bob, carol] = await room("Alice", "Bob", "Carol");
    const userKey = await generateUserKey(false);
    const device = async () => new ApiMember(await registerGuest(app.url, userKey, "Mallory", app.fetch));
    const mallory = await device();
    await mallory.join(alice.room);
    for (const each of [alice, bob, carol, mallory]) await each.catchUp();
    assert.equal((await bob.say("hello Mallory")).status, 200);
    const { commit } = await commitForged(mallory);
    assert.equal(await refuse(bob, commit), "rolledBack");

    const second = await device();
    const barred = async () => {
      for (const response of [
        await mallory.offer(await mallory.stageUpdate()),
        await mallory.askForGroupInfo(),
        await second.askForGroupInfo(alice.room),
      ]) {
        const { rule } = await assertRefused(response, 403, "notAllowed");
        assert.equal(rule, "hub/barred");
      }
    };
    await mallory.catchUp();
    await barred();
    assert.equal((await mallory.say("I may speak")).status, 200);
    for (const each of [alice, bob, carol]) await each.catchUp();
    await goesOn(bob, carol);
    const elsewhere = (await room("Olga"))[0];
    assert.equal((await second.askForGroupInfo(elsewhere.room)).status, 200);
    second.room = alice.room;

    await mallory.catchUp();
    app.pass(60 * 60_000 - 1);
    await barred();
    app.pass(1);
    assert.equal((await mallory.askForGroupInfo()).status, 200);
    assert.equal((await mallory.commit()).status, 200);
  });

  /** What the room shows to a member and to everybody. */
  async function shownTo(who: ApiMember): Promise<unknown> {
    const shown = await assertJson(await app.send("GET", who.path), 200);
    return [shown, Buffer.from(encode(groupInfoResponse, await who.groupInfo())).toString("hex"), await who.page(0)];
  }

  /** One commits and speaks, the other reads both. */
  async function goesOn(one: ApiMember, other: ApiMember): Promise<void> {
    for (const each of [one, other]) await each.catchUp();
    assert.equal((await one.commit()).status, 200);
    await one.catchUp();
    assert.equal((await one.say("we go on")).status, 200);
    const heard = await other.catchUp();
    assert.deepEqual(heard.at(-1), { kind: "application", text: "we go on", sender: one.guest.identity.nickname });
  }

  async function member(nickname: string): Promise<ApiMember> {
    return await ApiMember.register(app.url, nickname, app.fetch);
  }

  async function room<N extends readonly string[]>(...nicknames: N) {
    return (await roomOf(app, ...nicknames)) as { [K in keyof N]: ApiMember };
  }
});
