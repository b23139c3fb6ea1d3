import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toHex, utf8 } from "../../src/codec/bytes.js";
import { stageCommit } from "../../src/mls/commit.js";
import { retainEpochs } from "../../src/mls/former-epochs.js";
import { proposeSelfRemove } from "../../src/mls/propose.js";
import { protectMessage } from "../../src/mls/protect.js";
import { stage } from "../../src/mls/stage.js";
import { decodeGroup, encodeGroup } from "../../src/mls/stored-group.js";
import { deliver, join, makeClient, makeSeats, type Seat, seatAt } from "../support/mls-builders.js";

const nothing = { proposals: [], references: [] };

function retaining(seat: Seat, epochs: number): Seat {
  return { ...seat, group: retainEpochs(seat.group, epochs) };
}

async function say(seat: Seat, text: string): Promise<{ message: Uint8Array; seat: Seat }> {
  const { message, next } = await protectMessage(seat.crypto, seat.group, utf8(text));
  return { message, seat: { ...seat, group: next } };
}

/** The seats after that many commits of the first of them. */
async function passEpochs(seats: readonly Seat[], count: number): Promise<Seat[]> {
  let [committer, ...others] = seats;
  for (let epoch = 0; epoch < count; epoch++) {
    assert.ok(committer);
    const { commit, next } = await stageCommit(committer.crypto, committer.group, nothing);
    others = await deliver(others, commit);
    committer = { ...committer, group: next };
  }
  assert.ok(committer);
  return [committer, ...others];
}

async function hear({ crypto, group }: Seat, message: Uint8Array) {
  const heard = await stage(crypto, group, message, []);
  assert.ok(heard.kind === "application");
  return heard;
}

describe("a message of an epoch that is over", () => {
  it("is opened by who keeps so many epochs, once, its sender and its epoch known", async () => {
    const seats = await makeSeats(["alice", "bob", "carol"]);
    const epoch = seatAt(seats, 0).group.epoch;
    const { message, seat: carol } = await say(seatAt(seats, 2), "late");
    const [, bob] = await passEpochs([seatAt(seats, 0), retaining(seatAt(seats, 1), 2), carol], 2);
    assert.ok(bob);
    const heard = await hear(bob, message);
    assert.deepEqual(
      [new TextDecoder().decode(heard.content), heard.sender.nickname, heard.epoch],
      ["late", "carol", epoch],
    );
    await assert.rejects(hear({ ...bob, group: heard.next }, message), { code: "replayed" });
  });

  it("is opened out of order, among those that were read in time, and after the state was stored", async () => {
    const seats = await makeSeats(["alice", "bob"]);
    const first = await say(seatAt(seats, 0), "first");
    const second = await say(first.seat, "second");
    const third = await say(second.seat, "third");
    const inTime = await hear(retaining(seatAt(seats, 1), 1), second.message);
    const [, bob] = await passEpochs([third.seat, { ...seatAt(seats, 1), group: inTime.next }], 1);
    assert.ok(bob);
    let group = decodeGroup(encodeGroup(bob.group));
    assert.deepEqual(encodeGroup(group), encodeGroup(bob.group));
    for (const { message } of [third, first]) {
      const { next } = await hear({ ...bob, group }, message);
      group = decodeGroup(encodeGroup(next));
    }
    for (const { message } of [first, second, third]) {
      await assert.rejects(hear({ ...bob, group }, message), { code: "replayed" });
    }
  });

  it("is refused by who keeps none, which is the default, and by who keeps fewer", async () => {
    const seats = await makeSeats(["alice", "bob", "carol"]);
    const { message, seat: alice } = await say(seatAt(seats, 0), "late");
    const [, bob, carol] = await passEpochs([alice, seatAt(seats, 1), retaining(seatAt(seats, 2), 1)], 2);
    assert.ok(bob && carol);
    for (const seat of [bob, carol]) await assert.rejects(hear(seat, message), { code: "wrongEpoch" });
    assert.deepEqual(bob.group.former, []);
    assert.equal(carol.group.former.length, 1);
  });

  it("is heard from a member who has left since", async () => {
    const seats = await makeSeats(["alice", "bob", "carol"]);
    const { message, seat: carol } = await say(seatAt(seats, 2), "goodbye");
    const leaving = await proposeSelfRemove(carol.crypto, carol.group);
    const alice = seatAt(seats, 0);
    const { commit } = await stageCommit(alice.crypto, alice.group, { ...nothing, references: [leaving] });
    const [bob] = await deliver([retaining(seatAt(seats, 1), 1)], commit, [leaving]);
    assert.ok(bob);
    assert.equal((await hear(bob, message)).sender.nickname, "carol");
  });

  it("is not heard by a newcomer, however much it keeps, and not after it by one who was removed", async () => {
    const seats = await makeSeats(["alice", "bob", "carol"]);
    const { message, seat: alice } = await say(seatAt(seats, 0), "before");
    const bob = seatAt(seats, 1);
    const removal = { ...nothing, proposals: [{ kind: "remove", removed: 2 } as const] };
    const removed = await stageCommit(bob.crypto, bob.group, removal);
    const dave = await join(await makeClient("dave"), removed);
    const [afterRemoval] = await deliver([alice], removed.commit);
    const [afterJoin] = await deliver([afterRemoval ?? alice], dave.commit);
    assert.ok(afterJoin);
    await assert.rejects(hear(retaining(dave.seat, 16), message), { code: "wrongEpoch" });
    const carol = retaining(seatAt(seats, 2), 16);
    const later = await say(afterJoin, "after");
    await assert.rejects(hear(carol, later.message), { code: "wrongEpoch" });
  });

  it("can be opened with what is kept, and nothing else: no key of the tree, no secret by which one follows", async () => {
    const seats = await makeSeats(["alice", "bob", "carol"]);
    const bob = retaining(seatAt(seats, 1), 1);
    const [, after] = await passEpochs([seatAt(seats, 0), bob, seatAt(seats, 2)], 1);
    assert.ok(after);
    const stored = toHex(encodeGroup({ ...after.group, resumptions: [] }));
    const { senderDataSecret, ...others } = bob.group.keys;
    assert.ok(stored.includes(toHex(senderDataSecret)));
    for (const [name, secret] of Object.entries(others)) assert.ok(!stored.includes(toHex(secret)), name);
    const [kept] = after.group.former;
    assert.ok(kept?.nodes.every((node) => node?.kind !== "parent"));
  });

  it("is forgotten at once when less is kept, and no more than 16 epochs are", async () => {
    const seats = await makeSeats(["alice", "bob"]);
    const [, bob] = await passEpochs([seatAt(seats, 0), retaining(seatAt(seats, 1), 3)], 4);
    assert.ok(bob);
    assert.deepEqual(
      bob.group.former.map(({ context }) => context.epoch),
      [2n, 3n, 4n],
    );
    assert.equal(retainEpochs(bob.group, 1).former.length, 1);
    assert.deepEqual(retainEpochs(bob.group, 0).former, []);
    for (const epochs of [17, -1, 1.5]) assert.throws(() => retainEpochs(bob.group, epochs), { code: "unsupported" });
  });
});
