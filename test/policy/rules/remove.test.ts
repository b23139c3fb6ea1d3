import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Member, ProposalView, SenderView } from "../../../src/codec/group-view.js";
import { authorize } from "../../../src/policy/authorize.js";
import type { Decision } from "../../../src/policy/decision.js";
import type { RoomState } from "../../../src/policy/room-state.js";
import { mayRemoveUser } from "../../../src/policy/rules/remove.js";
import {
  adam,
  alice,
  bob,
  bobPhone,
  by,
  cathy,
  commitOf,
  eve,
  hub,
  policyOf,
  room,
  roomOf,
  seatOf,
} from "../../support/policy-room.js";

const everyone = [alice, adam, bob, bobPhone, cathy, eve];
const open = roomOf(policyOf(), everyone);
const fixed = roomOf(
  policyOf({ membershipStyle: "fixed_membership" }, { regular_user: everyone.map((one) => one.userUri) }),
  everyone,
);
const membersOnly = roomOf(policyOf({ membershipStyle: "members_only" }), everyone);

function remove(state: RoomState, actor: Member, ...removed: readonly Member[]): Decision {
  const sender = by(state, actor);
  const proposals = removed.map((one): ProposalView => ({ kind: "remove", removed: seatOf(state, one), sender }));
  return authorize(state, { kind: "commit", commit: commitOf(state, sender, { proposals }) });
}

function commit(state: RoomState, committer: Member, ...proposals: readonly ProposalView[]): Decision {
  return authorize(state, { kind: "commit", commit: commitOf(state, by(state, committer), { proposals }) });
}

function propose(state: RoomState, proposal: ProposalView): Decision {
  return authorize(state, { kind: "propose", proposal });
}

function selfRemove(state: RoomState, one: Member): ProposalView {
  return { kind: "selfRemove", removed: seatOf(state, one), sender: by(state, one) };
}

function fromOutside(state: RoomState, senderIndex: number, one: Member): ProposalView {
  const sender: SenderView = { kind: "external", senderIndex };
  return { kind: "remove", removed: seatOf(state, one), sender };
}

describe("mayRemoveUser", () => {
  for (const [title, state, actor, removed, rule] of [
    ["a regular user removing another", open, bob, cathy, "5.7/not-a-moderator"],
    ["an admin removing an owner", open, adam, alice, "5.7/outranked"],
    ["an owner in a fixed room", fixed, alice, bob, "5.7/fixed-membership"],
  ] as const) {
    it(`refuses ${title}`, () => {
      const decision = mayRemoveUser(state, { actor: actor.userUri, removed: removed.userUri });
      assert.deepEqual(decision, { allowed: false, rule });
    });
  }

  it("lets nobody remove a system user", () => {
    const decision = mayRemoveUser(open, { actor: alice.userUri, removed: hub });
    assert.deepEqual(decision, { allowed: false, rule: "5.7/outranked" });
  });
});

describe("removing (5.7)", () => {
  for (const [title, state, actor, removed] of [
    ["an owner remove an admin", open, alice, [adam]],
    ["an admin remove another's two clients at once", open, adam, [bob, bobPhone]],
    ["a user remove one of its own clients", open, bob, [bobPhone]],
    ["a user remove one of its own clients in a fixed room", fixed, bob, [bobPhone]],
  ] as const) {
    it(`lets ${title}`, () => assert.deepEqual(remove(state, actor, ...removed), { allowed: true }));
  }

  for (const [title, rule, state, actor, removed] of [
    ["an admin removing one of another's two clients", "5.7/all-clients", open, adam, [bob]],
    ["an admin removing an owner", "5.7/outranked", open, adam, [alice]],
    ["a regular user removing another", "5.7/not-a-moderator", open, cathy, [eve]],
    ["an owner removing someone in a fixed room", "5.7/fixed-membership", fixed, alice, [cathy]],
  ] as const) {
    it(`refuses ${title}`, () => assert.deepEqual(remove(state, actor, ...removed), { allowed: false, rule }));
  }

  it("counts a client that leaves by itself in the same commit as removed", () => {
    const kick: ProposalView = { kind: "remove", removed: seatOf(open, bob), sender: by(open, adam) };
    assert.deepEqual(commit(open, adam, kick, selfRemove(open, bobPhone)), { allowed: true });
  });

  it("lets anyone commit what the hub's system user proposed, of one client too, in a fixed room too", () => {
    assert.deepEqual(commit(open, cathy, fromOutside(open, 0, bob)), { allowed: true });
    assert.deepEqual(commit(fixed, cathy, fromOutside(fixed, 0, bob)), { allowed: true });
    assert.deepEqual(propose(open, fromOutside(open, 0, alice)), { allowed: true });
  });

  it("lets another provider's system user remove that provider's own users only", () => {
    const providers = [hub, "mimi://other.example"];
    const state = roomOf(policyOf({}, { system: providers }), everyone, providers);
    assert.deepEqual(propose(state, fromOutside(state, 1, eve)), { allowed: true });
    assert.deepEqual(propose(state, fromOutside(state, 1, bob)), { allowed: false, rule: "5.7/not-its-provider" });
  });

  it("refuses whoever proposes from outside and is no system user, but the hub, which always is one", () => {
    const state = roomOf(policyOf({}, { system: [] }), everyone, [hub, "mimi://other.example"]);
    const denied = { allowed: false, rule: "5.7/not-a-system-user" };
    assert.deepEqual(propose(state, fromOutside(state, 0, eve)), { allowed: true });
    assert.deepEqual(propose(state, fromOutside(state, 1, eve)), denied);
    assert.deepEqual(propose(state, fromOutside(state, 2, eve)), denied);
  });

  it("lets a system user inside remove its own provider's users, one client too, and the hub's any", () => {
    const system = [hub, cathy.userUri, eve.userUri];
    const state = roomOf(policyOf({}, { system }), everyone);
    assert.deepEqual(remove(state, cathy, bob), { allowed: true });
    assert.deepEqual(remove(state, cathy, alice), { allowed: true });
    assert.deepEqual(remove(state, cathy, eve), { allowed: true });
    assert.deepEqual(remove(state, eve, bob), { allowed: false, rule: "5.7/not-its-provider" });
    assert.deepEqual(remove(state, alice, cathy), { allowed: false, rule: "5.7/outranked" });
  });

  it("refuses a stranger's Remove", () => {
    const sender: SenderView = { kind: "newMemberProposal", member: eve };
    const decision = propose(open, { kind: "remove", removed: seatOf(open, bob), sender });
    assert.deepEqual(decision, { allowed: false, rule: "5.7/sender" });
  });

  it("refuses a group that nobody is left in", () => {
    const view = commitOf(open, by(open, alice), { proposals: [], members: [] });
    assert.deepEqual(authorize(open, { kind: "commit", commit: view }), { allowed: false, rule: "5.7/last-client" });
  });
});

describe("leaving (5.8)", () => {
  it("is anyone's right, proposed and committed", () => {
    assert.deepEqual(propose(open, selfRemove(open, cathy)), { allowed: true });
    assert.deepEqual(commit(open, bob, selfRemove(open, cathy), selfRemove(open, alice)), { allowed: true });
    assert.deepEqual(propose(fixed, selfRemove(fixed, cathy)), { allowed: true });
  });

  it("refuses a SelfRemove of somebody else's leaf", () => {
    const decision = propose(open, { kind: "selfRemove", removed: seatOf(open, bob), sender: by(open, cathy) });
    assert.deepEqual(decision, { allowed: false, rule: "5.7/sender" });
  });

  it("refuses the last client, who deletes the group instead", () => {
    const lonely = roomOf(policyOf(), [cathy]);
    assert.deepEqual(propose(lonely, selfRemove(lonely, cathy)), { allowed: false, rule: "5.8/last-client" });
  });

  const denied = { allowed: false, rule: "5.8/last-moderator" };

  it("refuses the last owner or admin of a members-only room, but not one of several, nor one of their clients", () => {
    assert.deepEqual(propose(membersOnly, selfRemove(membersOnly, alice)), { allowed: true });
    const one = roomOf(policyOf({ membershipStyle: "members_only" }), [alice, bob]);
    assert.deepEqual(propose(one, selfRemove(one, alice)), denied);
    assert.deepEqual(commit(one, bob, selfRemove(one, alice)), denied);
    assert.deepEqual(propose(one, selfRemove(one, bob)), { allowed: true });
  });

  it("refuses that all of them leave with one commit", () => {
    const both = [selfRemove(membersOnly, alice), selfRemove(membersOnly, adam)];
    assert.deepEqual(commit(membersOnly, bob, ...both), denied);
  });

  it("refuses that two of them remove each other with one commit of a third", () => {
    const admins = roomOf(policyOf({ membershipStyle: "members_only" }, { admin: [adam.userUri, cathy.userUri] }), [
      adam,
      bob,
      cathy,
    ]);
    const each = (actor: Member, removed: Member): ProposalView => ({
      kind: "remove",
      removed: seatOf(admins, removed),
      sender: by(admins, actor),
    });
    assert.deepEqual(commit(admins, bob, each(adam, cathy), each(cathy, adam)), denied);
  });

  it("lets a moderator's leaving stand beside a provider's removal of the last other one", () => {
    const gone = [selfRemove(membersOnly, alice), fromOutside(membersOnly, 0, adam)];
    assert.deepEqual(commit(membersOnly, bob, ...gone), { allowed: true });
  });

  it("never refuses a provider's removal of the last moderator", () => {
    const one = roomOf(policyOf({ membershipStyle: "members_only" }), [alice, bob]);
    assert.deepEqual(commit(one, bob, fromOutside(one, 0, alice)), { allowed: true });
  });
});

describe("closing the group (5.9)", () => {
  const lonely = roomOf(policyOf(), [cathy]);
  for (const [title, state, who, expected] of [
    ["lets the last client", lonely, cathy.clientUri, { allowed: true }],
    ["lets the hub's system user", open, hub, { allowed: true }],
    ["refuses one of several, owner or not", open, alice.clientUri, { allowed: false, rule: "5.9/not-last" }],
    ["refuses one who is not inside", lonely, alice.clientUri, { allowed: false, rule: "5.9/not-last" }],
    [
      "refuses when there is none",
      { ...lonely, members: [] },
      cathy.clientUri,
      { allowed: false, rule: "5.9/not-last" },
    ],
    [
      "refuses a banned user",
      roomOf(policyOf({}, { banned: [cathy.userUri] }), [cathy]),
      cathy.clientUri,
      { allowed: false, rule: "5.9/banned" },
    ],
    ["refuses a room's name", lonely, room, { allowed: false, rule: "5.9/not-last" }],
  ] as const) {
    it(title, () => assert.deepEqual(authorize(state, { kind: "closeGroup", client: who }), expected));
  }
});
