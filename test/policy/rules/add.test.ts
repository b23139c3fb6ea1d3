import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Member, SenderView } from "../../../src/codec/group-view.js";
import { authorize } from "../../../src/policy/authorize.js";
import type { Decision } from "../../../src/policy/decision.js";
import type { RoomState } from "../../../src/policy/room-state.js";
import {
  adam,
  alice,
  bob,
  bobPhone,
  by,
  cathy,
  client,
  commitOf,
  eve,
  policyOf,
  roomOf,
} from "../../support/policy-room.js";

const inside = [alice, adam, bob];
const open = roomOf(policyOf(), inside);
const membersOnly = roomOf(policyOf({ membershipStyle: "members_only" }), inside);
const child = roomOf(
  policyOf({ membershipStyle: "parent_dependent", parentRoomUri: "mimi://example.com/r/p" }),
  inside,
);
const fixedUsers = { regular_user: [bob.userUri, cathy.userUri] };
const fixed = roomOf(policyOf({ membershipStyle: "fixed_membership" }, fixedUsers), [...inside, eve]);
const guest = client("example.com", "g-Zmh6rfhivXdsj8GLjp-OIAiXFIVu4jOzkCpZHQ1fKSU", "1");

function add(state: RoomState, actor: Member, added: Member): Decision {
  const sender = by(state, actor);
  return authorize(state, {
    kind: "commit",
    commit: commitOf(state, sender, { proposals: [{ kind: "add", added, sender }] }),
  });
}

describe("adding (5.2)", () => {
  for (const [title, state, actor, added] of [
    ["anyone add anyone to an open room", open, bob, cathy],
    ["an admin add anyone to a members-only room", membersOnly, adam, cathy],
    ["a user add another client of its own", membersOnly, bob, bobPhone],
    ["a user add another client of its own to a child room", child, bob, bobPhone],
    ["a listed user add another listed user to a fixed room", fixed, bob, cathy],
  ] as const) {
    it(`lets ${title}`, () => assert.deepEqual(add(state, actor, added), { allowed: true }));
  }

  for (const [title, rule, state, actor, added] of [
    [
      "a banned user, whoever adds it",
      "5.2/banned",
      roomOf(policyOf({}, { banned: [cathy.userUri] }), inside),
      alice,
      cathy,
    ],
    ["a regular user adding another to a members-only room", "5.2/not-a-moderator", membersOnly, bob, cathy],
    ["a stranger to a fixed room", "5.2/fixed-membership", fixed, alice, client("example.com", "zoe", "1")],
    ["what an unlisted user adds to a fixed room", "5.2/fixed-membership", fixed, eve, cathy],
    ["an addition to a child room", "5.2/parent-dependent", child, alice, cathy],
    [
      "a guest where pseudonyms are not allowed",
      "7.3/pseudonym",
      roomOf(policyOf({ pseudonymousIds: false }), inside),
      bob,
      guest,
    ],
    [
      "a second client in a single-device room",
      "5.2/single-device",
      roomOf(policyOf({ multiDevice: false }), inside),
      bob,
      bobPhone,
    ],
    ["a client that is there already", "identity/duplicate-client", open, alice, bob],
    [
      "a user's client under another key",
      "identity/conflicting-keys",
      open,
      alice,
      client("example.com", "bob", "3", "eve"),
    ],
  ] as const) {
    it(`refuses ${title}`, () => assert.deepEqual(add(state, actor, added), { allowed: false, rule }));
  }

  it("lets a single-device user change devices in one commit", () => {
    const state = roomOf(policyOf({ multiDevice: false }), inside);
    const sender = by(state, alice);
    const own = by(state, bob);
    const commit = commitOf(state, sender, {
      proposals: [
        { kind: "selfRemove", removed: own.member, sender: own },
        { kind: "add", added: bobPhone, sender },
      ],
    });
    assert.deepEqual(authorize(state, { kind: "commit", commit }), { allowed: true });
  });

  it("judges a stranger's External Add of itself as its joining", () => {
    const propose = (state: RoomState, sender: SenderView, added: Member): Decision =>
      authorize(state, { kind: "propose", proposal: { kind: "add", added, sender } });
    const stranger: SenderView = { kind: "newMemberProposal", member: cathy };
    assert.deepEqual(propose(open, stranger, cathy), { allowed: true });
    assert.deepEqual(propose(membersOnly, stranger, cathy), { allowed: false, rule: "5.4/not-admitted" });
    assert.deepEqual(propose(open, stranger, eve), { allowed: false, rule: "5.2/sender" });
    assert.deepEqual(propose(open, { kind: "external", senderIndex: 0 }, eve), { allowed: false, rule: "5.2/sender" });
  });
});
