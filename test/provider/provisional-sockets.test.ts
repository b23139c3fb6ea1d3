import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, it } from "node:test";
import type { RunningProvider } from "../../provider/node.js";
import { ApiMember } from "../support/api-member.js";
import { refuse } from "../support/event-refusals.js";
import { type Incoming, StreamClient } from "../support/event-stream.js";
import { forgeCommit } from "../support/forged-commits.js";
import { startTestProvider } from "../support/provider-process.js";

describe("provisional commits over the network", () => {
  let provider: RunningProvider;
  let alice: ApiMember;
  let bob: ApiMember;
  let carol: ApiMember;
  const streams: StreamClient[] = [];

  before(async () => {
    provider = await startTestProvider({ assets: false });
    [alice, bob, carol] = (await Promise.all(
      ["Alice", "Bob", "Carol"].map((name) => ApiMember.register(provider.url, name)),
    )) as [ApiMember, ApiMember, ApiMember];
    await alice.createRoom("sockets");
    for (const joiner of [bob, carol]) {
      await joiner.join(alice.room);
      for (const each of [alice, bob, carol].filter(({ group }) => group)) await each.catchUp();
    }
    assert.equal((await alice.say("welcome")).status, 200);
    for (const each of [alice, bob, carol]) await each.catchUp();
  });
  after(async () => {
    for (const stream of streams) stream.close();
    await provider.stop();
  });

  it("are asked about, and stand with the answer", async () => {
    const [bobs, carols] = [await follow(bob), await follow(carol)];
    const own = await alice.stageUpdate();
    assert.equal((await alice.offer(own)).status, 200);
    alice.accepted(own);
    const cursor = bob.cursor + 1;
    for (const stream of [bobs, carols]) {
      assert.deepEqual(await stream.cursors(1), [cursor]);
      const hash = hashOf(own.commit);
      assert.deepEqual(await stream.next(), { type: "acknowledge", room: alice.room, cursor, hash });
    }
    carols.tell({ type: "acknowledged", room: alice.room, cursor, hash: hashOf(own.commit) });
    carols.tell({ type: "ping" });
    assert.deepEqual(await nextButQuestions(carols), { type: "pong", sent: { [alice.room]: cursor } });
    assert.equal(await refuse(bob, own.commit), "acknowledged");
    for (const each of [alice, bob, carol]) await each.catchUp();
    for (const stream of [bobs, carols]) stream.close();
  });

  it("are taken back when all refuse them: streams are closed, and go on where the log goes on", async () => {
    const [alices, bobs, carols] = [await follow(alice), await follow(bob), await follow(carol)];
    const own = await alice.stageUpdate();
    const forged = await forgeCommit(alice.guest.crypto, alice.joined(), own, "confirmation tag");
    const cursor = bob.cursor + 1;
    assert.equal((await alice.offer(forged)).status, 200);
    for (const stream of [alices, bobs, carols]) assert.deepEqual(await stream.cursors(1), [cursor]);
    const outcomes = await Promise.all([refuse(bob, forged.commit), refuse(carol, forged.commit)]);
    assert.deepEqual(outcomes, ["rolledBack", "rolledBack"]);
    for (const stream of [alices, bobs, carols]) {
      const error = await nextButQuestions(stream);
      assert.ok(error.type === "error" && error.code === "logDiverged", JSON.stringify(error));
      assert.deepEqual(await stream.next(), { type: "closed", code: 4809 });
    }
    // who has read it has a place that is not in the log; who has refused it has not moved
    const lost = await open();
    lost.authenticate(alice.guest.token, [{ room: alice.room, after: cursor, hash: hashOf(forged.commit) }]);
    const error = await lost.next();
    assert.ok(error.type === "error" && error.code === "logDiverged");
    const again = await follow(bob);
    assert.equal((await carol.say("we go on")).status, 200);
    assert.deepEqual(await again.cursors(1), [cursor]);
    assert.deepEqual(await bob.catchUp(), [{ kind: "application", text: "we go on", sender: "Carol" }]);
  });

  /** What comes next that is no question. */
  async function nextButQuestions(stream: StreamClient): Promise<Incoming> {
    for (;;) {
      const next = await stream.next();
      if (next.type !== "acknowledge") return next;
    }
  }

  /** A stream that follows the member's room from where it has read it. */
  async function follow({ guest, room, cursor }: ApiMember): Promise<StreamClient> {
    const stream = await open();
    stream.authenticate(guest.token, [{ room, after: cursor }]);
    assert.deepEqual(await stream.next(), { type: "ready" });
    return stream;
  }

  async function open(): Promise<StreamClient> {
    const stream = await StreamClient.open(provider.url);
    streams.push(stream);
    return stream;
  }
});

function hashOf(message: Uint8Array): string {
  return createHash("sha256").update(message).digest("base64url");
}
