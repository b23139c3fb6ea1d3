import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Member, ProposalView } from "../../../src/codec/group-view.js";
import { type RoomPolicy, roomPolicy } from "../../../src/codec/room-policy.js";
import { encode } from "../../../src/codec/tls.js";
import { authorize } from "../../../src/policy/authorize.js";
import type { Decision } from "../../../src/policy/decision.js";
import type { RoomState } from "../../../src/policy/room-state.js";
import { adam, alice, bob, by, cathy, commitOf, extensionsOf, policyOf, roomOf } from "../../support/policy-room.js";

const state = roomOf(policyOf(), [alice, adam, bob]);

function change(room: RoomState, actor: Member, policy: RoomPolicy): Decision {
  const sender = by(room, actor);
  const proposals: ProposalView[] = [{ kind: "groupContextExtensions", extensions: extensionsOf(policy), sender }];
  return authorize(room, { kind: "commit", commit: commitOf(room, sender, { proposals }) });
}

describe("a long policy (5.11)", () => {
  const denied = { allowed: false, rule: "5.11/too-long" };
  const visitors = (count: number): string[] =>
    Array.from({ length: count }, (_, n) => `mimi://example.com/u/${String(n).padStart(43, "0")}`);
  const lengthOf = (policy: RoomPolicy): number => encode(roomPolicy, policy).length;
  const longest = policyOf({}, { visitor: visitors(990) });
  const longer = policyOf({}, { visitor: visitors(1010) });

  it("is made by an owner, and by no admin beyond 65,536 octets", () => {
    assert.ok(lengthOf(longest) <= 65_536 && lengthOf(longer) > 65_536);
    assert.deepEqual(change(state, adam, longest), { allowed: true });
    assert.deepEqual(change(state, adam, longer), denied);
    assert.deepEqual(change(state, alice, longer), { allowed: true });
  });

  it("is made shorter by an admin, or other in its length, and no longer", () => {
    const room = roomOf(longer, [alice, adam, bob]);
    assert.deepEqual(change(room, adam, policyOf({}, { visitor: visitors(1009) })), { allowed: true });
    assert.deepEqual(change(room, adam, policyOf({}, { visitor: visitors(1010).reverse() })), { allowed: true });
    assert.deepEqual(change(room, adam, policyOf({}, { visitor: [...visitors(1010), cathy.userUri] })), denied);
  });
});
