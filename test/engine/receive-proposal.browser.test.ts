import { expect } from "@open-wc/testing";
import { roomPolicy } from "../../src/codec/room-policy.js";
import { encode } from "../../src/codec/tls.js";
import { EMPTY, seatIn } from "../../src/engine/memory.js";
import { receiveProposal } from "../../src/engine/receive/receive-proposal.js";
import { BOUNDS } from "../../src/mls/bounds.js";
import { viewGroup } from "../../src/mls/group.js";
import { proposeSelfRemove } from "../../src/mls/propose.js";
import { stage } from "../../src/mls/stage.js";
import { presets } from "../../src/policy/presets.js";
import { makeSeats, ROOM, seatAt } from "../support/mls-builders.js";

const HUB = "mimi://example.com";

describe("A SelfRemove", () => {
  it("waits however many wait: a commit that leaves out one that the hub has is refused", async () => {
    const policy = presets.event({ name: "Test", owner: `${HUB}/u/owner`, hub: HUB });
    const seats = await makeSeats(["alice", "bob"], { roomPolicy: encode(roomPolicy, policy) });
    const [alice, bob] = [seatAt(seats, 0), seatAt(seats, 1)];
    const message = await proposeSelfRemove(alice.crypto, alice.group);
    const staged = await stage(bob.crypto, bob.group, message, []);
    if (staged.kind !== "proposal") throw new Error(staged.kind);
    const proposals = Array.from({ length: BOUNDS.proposals - 1 }, (_, n) => Uint8Array.of(n >> 8, n));
    const seat = seatIn(bob.group, viewGroup(bob.group), ROOM, HUB);
    const event = { cursor: 1, time: 0, message, hash: "", externalPub: new Uint8Array() };
    const { change } = receiveProposal({ ...EMPTY, proposals }, seat, staged, event);
    expect(change?.proposals?.at(-1)).to.equal(message);
  });
});
