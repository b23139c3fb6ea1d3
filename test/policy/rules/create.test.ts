import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Member } from "../../../src/codec/group-view.js";
import { domainOf } from "../../../src/codec/mimi-uri.js";
import { type Role, type RoomPolicy, roomPolicy } from "../../../src/codec/room-policy.js";
import { encode } from "../../../src/codec/tls.js";
import { authorize } from "../../../src/policy/authorize.js";
import type { Decision } from "../../../src/policy/decision.js";
import { roomWithoutGroup } from "../../../src/policy/room-state.js";
import {
  adam,
  alice,
  bob,
  claiming,
  client,
  extensionsOf,
  groupOf,
  hub,
  policyOf,
  room,
  roomOf,
} from "../../support/policy-room.js";

describe("creating a room (5.1)", () => {
  for (const [title, state, who] of [
    ["its owner", roomOf(policyOf(), [alice]), alice],
    ["its admin", roomOf(policyOf(), [adam]), adam],
    ["an owner of a fixed room", roomOf(policyOf({ membershipStyle: "fixed_membership" }), [alice]), alice],
  ] as const) {
    it(`lets ${title}`, () => {
      const { policy } = state;
      assert.deepEqual(authorize(state, { kind: "createRoom", user: who.userUri, policy }), { allowed: true });
    });
  }

  const guest = client("example.com", "g-Zmh6rfhivXdsj8GLjp-OIAiXFIVu4jOzkCpZHQ1fKSU", "1");
  const child = policyOf({ membershipStyle: "parent_dependent", parentRoomUri: "mimi://example.com/r/p" });
  for (const [title, rule, state, who] of [
    ["a banned user", "5.1/banned", roomOf(policyOf({}, { banned: [bob.userUri] }), [bob]), bob],
    ["a user who is neither owner nor admin", "5.1/not-a-moderator", roomOf(policyOf(), [bob]), bob],
    ["an invalid policy", "valid/knock", roomOf(policyOf({ knockAllowed: true }), [alice]), alice],
    ["a group with somebody else in it", "5.1/creator-alone", roomOf(policyOf(), [alice, bob]), alice],
    ["a group of somebody else", "5.1/creator-alone", roomOf(policyOf(), [adam]), alice],
    [
      "a group that the hub cannot propose to",
      "5.1/hub-sender",
      roomOf(policyOf(), [alice], ["mimi://other.example"]),
      alice,
    ],
    ["a child room", "5.1/parent-dependent", roomOf(child, [alice]), alice],
    [
      "a guest where pseudonyms are not allowed",
      "7.3/pseudonym",
      roomOf(policyOf({ pseudonymousIds: false }, { owner: [guest.userUri] }), [guest]),
      guest,
    ],
  ] as const) {
    it(`refuses ${title}`, () => {
      const decision = authorize(state, { kind: "createRoom", user: who.userUri, policy: state.policy });
      assert.deepEqual(decision, { allowed: false, rule });
    });
  }

  it("refuses a group whose clients may be blind to the policy", () => {
    const state = roomOf(policyOf(), [alice]);
    const extensions = extensionsOf(policyOf()).filter(({ type }) => type !== 3);
    const action = { kind: "createRoom", user: alice.userUri, policy: state.policy } as const;
    const denied = { allowed: false, rule: "5.1/required-capabilities" };
    assert.deepEqual(authorize({ ...state, extensions }, action), denied);
  });
});

describe("starting a new group of a persistent room (5.1)", () => {
  const logger = "mimi://example.com/d/logger/1";
  const open = policyOf({}, { visitor: [bob.userUri] });
  const membersOnly = policyOf(
    { membershipStyle: "members_only" },
    { regular_user: [bob.userUri], visitor: ["mimi://example.com/u/cathy"] },
  );

  const logged = policyOf({
    membershipStyle: "members_only",
    loggingPolicy: { ...policyOf().loggingPolicy, logging: "required", enabled: true, loggingClients: [logger] },
  });

  for (const [title, policy, user] of [
    ["its owner", membersOnly, alice.userUri],
    ["a listed regular user", membersOnly, bob.userUri],
    ["anyone, where the room is open", open, "mimi://example.com/u/zoe"],
    ["a listed visitor of an open room", open, bob.userUri],
  ] as const) {
    it(`lets ${title}`, () => {
      assert.deepEqual(starting(policy, user), { allowed: true });
    });
  }

  for (const [title, rule, policy, user] of [
    ["a banned user", "5.1/banned", policyOf({}, { banned: [bob.userUri] }), bob.userUri],
    ["a stranger to a members-only room", "5.1/not-admitted", membersOnly, "mimi://example.com/u/zoe"],
    ["a listed visitor of a members-only room", "5.1/not-admitted", membersOnly, "mimi://example.com/u/cathy"],
    ["a logging client of a members-only room", "5.1/not-admitted", logged, "mimi://example.com/u/logger"],
    [
      "a stranger to a fixed room",
      "5.1/fixed-membership",
      policyOf({ membershipStyle: "fixed_membership" }),
      bob.userUri,
    ],
    ["a stranger without the password", "5.1/password", policyOf({ passwordProtected: true }), bob.userUri],
    [
      "anyone, where the room is not persistent",
      "5.1/not-persistent",
      policyOf({ persistentRoom: false }),
      alice.userUri,
    ],
  ] as const) {
    it(`refuses ${title}`, () => {
      assert.deepEqual(starting(policy, user), { allowed: false, rule });
    });
  }

  it("refuses another policy than the one retained", () => {
    const denied = { allowed: false, rule: "5.1/retained-policy" };
    assert.deepEqual(starting(policyOf(), alice.userUri, groupOf(policyOf({ moderated: true }), [alice])), denied);
  });

  for (const [title, rule, group] of [
    ["a group with somebody else in it", "5.1/creator-alone", groupOf(policyOf(), [alice, bob])],
    [
      "a group that the hub cannot propose to",
      "5.1/hub-sender",
      groupOf(policyOf(), [alice], extensionsOf(policyOf(), ["mimi://other.example"])),
    ],
  ] as const) {
    it(`refuses ${title}`, () => {
      assert.deepEqual(starting(policyOf(), alice.userUri, group), { allowed: false, rule });
    });
  }

  it("judges by what the provider of the starter says of it", () => {
    const zoe = client("example.com", "zoe", "1");
    const hikers = "mimi://example.com/r/hikers";
    const listing = (targetRole: Role): RoomPolicy => {
      const { preAuthList, ...policy } = policyOf({ membershipStyle: "members_only" });
      const entry = { targetRole, preauthDomain: [], preauthWorkgroup: [], preauthGroup: [hikers], preauthUser: [] };
      return { ...policy, preAuthList: [...preAuthList, entry] };
    };
    const begin = (policy: RoomPolicy, starter: Member) => starting(policy, zoe.userUri, groupOf(policy, [starter]));
    const hiker = claiming(zoe, { groups: [hikers] });
    assert.deepEqual(begin(listing("regular_user"), hiker), { allowed: true });
    assert.deepEqual(begin(listing("regular_user"), zoe), { allowed: false, rule: "5.1/not-admitted" });
    assert.deepEqual(begin(listing("banned"), hiker), { allowed: false, rule: "5.1/banned" });
  });
});

function starting(policy: RoomPolicy, user: string, group = groupOf(policy, [clientOf(user)])): Decision {
  const retained = encode(roomPolicy, policy);
  return authorize(roomWithoutGroup(policy, room, hub), { kind: "startGroup", user, group, retained });
}

function clientOf(user: string): Member {
  return client(domainOf(user), user.slice(user.lastIndexOf("/") + 1), "1");
}
