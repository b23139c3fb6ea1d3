import { expect } from "@open-wc/testing";
import { toHex } from "../../src/codec/bytes.js";
import { roomPolicy } from "../../src/codec/room-policy.js";
import { encode } from "../../src/codec/tls.js";
import { encodeContent } from "../../src/content/encode-content.js";
import { textContent } from "../../src/content/text-content.js";
import { EngineContext } from "../../src/engine/context.js";
import { demandStaged } from "../../src/engine/demand-staged.js";
import { EngineProblem } from "../../src/engine/engine-problem.js";
import { seatIn } from "../../src/engine/memory.js";
import { pendingCommit } from "../../src/engine/pending-record.js";
import { receive } from "../../src/engine/receive/receive.js";
import { withStanding } from "../../src/engine/standing.js";
import { stageCommit } from "../../src/mls/commit.js";
import { type Group, viewGroup } from "../../src/mls/group.js";
import { protectMessage } from "../../src/mls/protect.js";
import { encodeGroup } from "../../src/mls/stored-group.js";
import { presets } from "../../src/policy/presets.js";
import type { Step } from "../../src/storage/records.js";
import { type SeatDatabase, takeSeatDatabase } from "../../src/storage/seat-database.js";
import { network } from "../../src/transport/network.js";
import { makeSeats, ROOM, type Seat, seatAt } from "../support/mls-builders.js";

const HUB = "mimi://example.com";
const nothing = { proposals: [], references: [] };

/** Alice and Bob in a room, and Bob's engine at its database. */
async function bobsEngine() {
  const policy = presets.event({ name: "Test", owner: `${HUB}/u/owner`, hub: HUB });
  const seats = await makeSeats(["alice", "bob"], { roomPolicy: encode(roomPolicy, policy) });
  const [alice, bob] = [seatAt(seats, 0), seatAt(seats, 1)];
  const database = await takeSeatDatabase(`forgotten-${crypto.randomUUID()}`);
  const steps: Step[] = [];
  const disk: { fails: boolean; beforeRead(): void } = { fails: false, beforeRead: () => {} };
  const watched: SeatDatabase = {
    ...database,
    entry: async (id) => {
      disk.beforeRead();
      return database.entry(id);
    },
    commitStep: async (step) => {
      steps.push(step);
      if (disk.fails) throw new Error("the disk is gone");
      await database.commitStep(step);
    },
  };
  const ports = { ...network, takeSeat: takeSeatDatabase, onFault: () => {}, onSuperseded: () => {} };
  const context = new EngineContext(ports, watched, { provider: "https://example.com", room: ROOM });
  const seat = seatIn(bob.group, viewGroup(bob.group), ROOM, HUB);
  await context.step(async () => ({ change: { seat }, result: undefined }));
  return { context, alice, bob, steps, disk };
}

/** What Alice did, as events of the log. */
function eventsOf(context: EngineContext, ...messages: readonly Uint8Array[]) {
  const { cursor } = context.memory.log;
  return messages.map((message, n) => ({
    room: ROOM,
    cursor: BigInt(cursor + n + 1),
    timestamp: 0n,
    message,
    externalPub: new Uint8Array(),
  }));
}

function seatedGroup(context: EngineContext): Group {
  const { seat } = context.memory;
  if (!seat) throw new Error("no seat");
  return seat.group;
}

/** Octets of a group that are zero once it is forgotten, whatever comes after it. */
function innermost({ keys, secretTree }: Group): Uint8Array[] {
  return [keys.initSecret, keys.membershipKey, ...secretTree.ratchets.map(({ secret }) => secret)];
}

const isZero = (octets: Uint8Array) => octets.every((octet) => octet === 0);

async function commitOf({ crypto, group }: Seat) {
  return stageCommit(crypto, group, nothing);
}

describe("an engine", () => {
  it("forgets an epoch when the next one is on disk, and what it passed through on the way", async () => {
    const { context, alice, steps } = await bobsEngine();
    const before = seatedGroup(context);
    const [octets, kept] = [innermost(before), before.keys.resumptionPsk];
    const first = await commitOf(alice);
    const said = await protectMessage(alice.crypto, first.next, new Uint8Array(3));
    const second = await stageCommit(alice.crypto, said.next, nothing);
    await receive(context, eventsOf(context, first.commit, said.message, second.commit));
    const now = seatedGroup(context);
    expect(now.epoch).to.equal(second.next.epoch);
    expect(octets.every(isZero)).to.equal(true);
    expect(isZero(kept), "the resumption PSK, which a commit may name").to.equal(false);
    expect(now.keys).to.deep.equal(second.next.keys);
    // what went to disk holds what every member and the hub know, and no more
    for (const { group } of steps) {
      const own = group?.group?.subarray(group.publicLength);
      if (own) expect(isZero(own)).to.equal(true);
    }
    const stored = await context.database.load();
    expect(stored.group?.group).to.deep.equal(encodeGroup(now));
    context.stop();
  });

  it("forgets nothing that it still needs when the disk fails", async () => {
    const { context, alice, disk } = await bobsEngine();
    const before = encodeGroup(seatedGroup(context));
    const { commit, next } = await commitOf(alice);
    disk.fails = true;
    const failed = await receive(context, eventsOf(context, commit)).catch((error: unknown) => error);
    expect(failed).to.be.an("error");
    expect(encodeGroup(seatedGroup(context))).to.deep.equal(before);
    disk.fails = false;
    await receive(context, eventsOf(context, commit));
    expect(seatedGroup(context).keys).to.deep.equal(next.keys);
    context.stop();
  });

  it("forgets what it passed through on the way when it cannot read what it needs, and takes it again", async () => {
    const { context, alice, disk } = await bobsEngine();
    const before = encodeGroup(seatedGroup(context));
    const { commit, next } = await commitOf(alice);
    const passed = [toHex(next.keys.initSecret), toHex(next.keys.membershipKey)];
    const content = encodeContent(
      textContent({ text: "said", format: "plain", salt: new Uint8Array(16), sender: `${HUB}/u/alice`, room: ROOM }),
    );
    const said = await protectMessage(alice.crypto, next, content);
    const { fill } = Uint8Array.prototype;
    const forgotten: string[] = [];
    disk.beforeRead = () => {
      Uint8Array.prototype.fill = function (...parameters) {
        forgotten.push(toHex(this));
        return fill.apply(this, parameters);
      };
      throw new Error("the disk is gone");
    };
    try {
      const failed = await receive(context, eventsOf(context, commit, said.message)).catch((error: unknown) => error);
      expect(failed).to.be.instanceOf(EngineProblem);
    } finally {
      Uint8Array.prototype.fill = fill;
    }
    expect(forgotten).to.include.members(passed);
    expect(encodeGroup(seatedGroup(context))).to.deep.equal(before);
    disk.beforeRead = () => {};
    await receive(context, eventsOf(context, commit, said.message));
    expect(toHex(seatedGroup(context).keys.initSecret)).to.equal(passed[0]);
    context.stop();
  });

  it("forgets an own commit that policy does not allow", async () => {
    const { bob, context } = await bobsEngine();
    const group = seatedGroup(context);
    const before = encodeGroup(group);
    const staged = await commitOf(bob);
    const [octets, { room }] = [innermost(staged.next), seatIn(group, viewGroup(group), ROOM, HUB)];
    const banned = { ...room, policy: withStanding(room.policy, room.members[1]?.userUri ?? "", "banned") };
    expect(() => demandStaged(banned, staged, group)).to.throw(EngineProblem);
    expect(octets.every(isZero)).to.equal(true);
    expect(encodeGroup(group)).to.deep.equal(before);
    context.stop();
  });

  it("keeps an own commit's epoch as octets until it is settled, and forgets them when another came first", async () => {
    const { context, alice, bob } = await bobsEngine();
    const before = encodeGroup(seatedGroup(context));
    const staged = await commitOf(bob);
    const octets = innermost(staged.next);
    const pending = await pendingCommit("commitProposals", staged, seatedGroup(context));
    expect(octets.every(isZero)).to.equal(true);
    await context.step(async () => ({ change: { pending }, result: undefined }));
    expect(encodeGroup(seatedGroup(context))).to.deep.equal(before);
    expect(isZero(pending.next)).to.equal(false);
    const { commit, next } = await commitOf(alice);
    await receive(context, eventsOf(context, commit));
    expect(seatedGroup(context).keys).to.deep.equal(next.keys);
    expect(isZero(pending.next)).to.equal(true);
    context.stop();
  });

  it("forgets everything when the seat is left", async () => {
    const { context } = await bobsEngine();
    const group = seatedGroup(context);
    await context.step(async () => ({ change: { forget: true }, result: undefined }));
    expect([...Object.values(group.keys), ...group.privateKeys.values()].every(isZero)).to.equal(true);
    context.stop();
  });
});
