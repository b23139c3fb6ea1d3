import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CodecError } from "../../src/codec/codec-error.js";
import { isInside, roleOf, roomStateOf } from "../../src/policy/room-state.js";
import { adam, alice, bob, cathy, eve, groupOf, hub, policyOf, room, roomOf } from "../support/policy-room.js";

const logging = {
  ...policyOf().loggingPolicy,
  logging: "optional",
  enabled: true,
  loggingClients: [bob.clientUri],
} as const;
const bannedDomain = {
  targetRole: "banned",
  preauthDomain: ["im:mimi=other.example"],
  preauthWorkgroup: [],
  preauthGroup: [],
  preauthUser: [],
} as const;
const lists = policyOf({}, { regular_user: [bob.userUri], visitor: [cathy.userUri] }).preAuthList;
const banning = policyOf({ preAuthList: [...lists, bannedDomain] });

describe("roleOf", () => {
  for (const [title, policy, user, role] of [
    ["the hub is a system user, listed or not", policyOf({}, { system: [] }), hub, "system"],
    ["an owner by its entry", policyOf(), alice.userUri, "owner"],
    ["an admin by its entry", policyOf(), adam.userUri, "admin"],
    ["without an entry a regular user", policyOf(), bob.userUri, "regular_user"],
    ["without an entry a visitor where the room is moderated", policyOf({ moderated: true }), bob.userUri, "visitor"],
    ["a visitor by its entry", banning, cathy.userUri, "visitor"],
    ["banned with its domain", banning, eve.userUri, "banned"],
    ["a listed logging client has no voice", policyOf({ loggingPolicy: logging }), bob.userUri, "visitor"],
    // an invalid policy, but everyone must read it alike
    [
      "the more privileged of two entries",
      policyOf({}, { visitor: [bob.userUri], admin: [bob.userUri] }),
      bob.userUri,
      "admin",
    ],
    ["banned before any other entry", policyOf({}, { banned: [alice.userUri] }), alice.userUri, "banned"],
    [
      "banned after any other entry",
      policyOf({}, { banned: [adam.userUri], system: [adam.userUri] }),
      adam.userUri,
      "banned",
    ],
  ] as const) {
    it(`says ${title}`, () => assert.equal(roleOf(roomOf(policy, [alice]), user), role));
  }

  it("lets a user's own entry stand against its domain's ban", () => {
    const own = policyOf({}, { regular_user: [eve.userUri] }).preAuthList;
    assert.equal(
      roleOf(roomOf(policyOf({ preAuthList: [...own, bannedDomain] }), [alice]), eve.userUri),
      "regular_user",
    );
  });
});

describe("roomStateOf", () => {
  it("takes room and hub in any spelling", () => {
    const state = roomStateOf(groupOf(policyOf(), [alice]), "im:mimi=#keynote@Example.com", "im:mimi=example.com");
    assert.equal(state.room, room);
    assert.equal(state.hub, hub);
    assert.ok(isInside(state, alice.userUri));
    assert.ok(!isInside(state, bob.userUri));
  });

  it("throws for a group whose policy is malformed", () => {
    const group = { ...groupOf(policyOf(), [alice]), roomPolicy: Uint8Array.of(1) };
    assert.throws(() => roomStateOf(group, room, hub), CodecError);
  });
});
