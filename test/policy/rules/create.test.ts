import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { roomPolicy } from "../../../src/codec/room-policy.js";
import { encode } from "../../../src/codec/tls.js";
import { authorize } from "../../../src/policy/authorize.js";
import { roomWithoutGroup } from "../../../src/policy/room-state.js";
import { adam, alice, bob, client, extensionsOf, hub, policyOf, room, roomOf } from "../../support/policy-room.js";

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
      const bytes = encode(roomPolicy, policy);
      const action = { kind: "startGroup", user, policyBytes: bytes, retained: bytes } as const;
      assert.deepEqual(authorize(roomWithoutGroup(policy, room, hub), action), { allowed: true });
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
      const bytes = encode(roomPolicy, policy);
      const action = { kind: "startGroup", user, policyBytes: bytes, retained: bytes } as const;
      assert.deepEqual(authorize(roomWithoutGroup(policy, room, hub), action), { allowed: false, rule });
    });
  }

  it("refuses another policy than the one retained", () => {
    const action = {
      kind: "startGroup",
      user: alice.userUri,
      policyBytes: encode(roomPolicy, policyOf({ moderated: true })),
      retained: encode(roomPolicy, policyOf()),
    } as const;
    const denied = { allowed: false, rule: "5.1/retained-policy" };
    assert.deepEqual(authorize(roomWithoutGroup(policyOf(), room, hub), action), denied);
  });
});
