import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { MembershipStyle, Role, RoomPolicy } from "../../src/codec/room-policy.js";
import { type Capability, capabilitiesOf } from "../../src/policy/capabilities.js";
import { policyOf } from "../support/policy-room.js";

const open = policyOf();
const membersOnly = policyOf({ membershipStyle: "members_only" });
const fixed = policyOf({ membershipStyle: "fixed_membership" });
const child = policyOf({ membershipStyle: "parent_dependent" });
const moderated = policyOf({ membershipStyle: "members_only", moderated: true });

const entry: readonly Capability[] = ["canJoinIfPreauthorized"];
const voice: readonly Capability[] = ["canSendMessage"];
const adding: readonly Capability[] = ["canAddParticipant"];
const admin: readonly Capability[] = ["canCreateRoom", "canKick", "canChangePreauthorizedUserList", ...entry, ...voice];
const owner: readonly Capability[] = [...admin, "canChangeOtherPolicyAttribute"];

const cases: readonly (readonly [string, RoomPolicy, Role | undefined, readonly Capability[]])[] = [
  ["an owner of an open room", open, "owner", [...owner, ...adding]],
  ["an owner of a members-only room", membersOnly, "owner", [...owner, ...adding]],
  ["an admin of a members-only room", membersOnly, "admin", [...admin, ...adding]],
  ["an owner of a fixed-membership room", fixed, "owner", owner.filter((name) => name !== "canKick")],
  ["an owner of a parent-dependent room", child, "owner", owner],
  ["a regular user of an open room", open, "regular_user", [...entry, ...voice, ...adding]],
  ["a regular user of a members-only room", membersOnly, "regular_user", [...entry, ...voice]],
  ["a regular user of a moderated room", moderated, "regular_user", [...entry, ...voice]],
  ["a visitor of a room that is not moderated", membersOnly, "visitor", [...entry, ...voice]],
  ["a visitor of a moderated room", moderated, "visitor", entry],
  ["a system user of a members-only room", membersOnly, "system", entry],
  ["the banned, in any room", open, "banned", []],
  ["who stands in no list of a members-only room", membersOnly, undefined, []],
];

describe("the capabilities of a role", () => {
  for (const [who, policy, role, wanted] of cases) {
    it(`are, for ${who}, ${wanted.length === 0 ? "none" : wanted.join(", ")}`, () => {
      assert.deepEqual([...capabilitiesOf(policy, role)].sort(), [...wanted].sort());
    });
  }

  it("let nobody into a room without an entry but into an open one", () => {
    const styles: readonly MembershipStyle[] = ["open", "members_only", "fixed_membership", "parent_dependent"];
    const inviting = styles.filter((style) =>
      capabilitiesOf(policyOf({ membershipStyle: style }), undefined).has("canOpenJoin"),
    );
    assert.deepEqual(inviting, ["open"]);
  });
});
