import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Member, ProposalView } from "../../../src/codec/group-view.js";
import { authorize } from "../../../src/policy/authorize.js";
import { alice, bob, bobPhone, by, cathy, commitOf, policyOf, roomOf, seatOf } from "../../support/policy-room.js";

const state = roomOf(policyOf(), [alice, bob, bobPhone]);
const sender = by(state, bob);
const banned = roomOf(policyOf({}, { banned: [bob.userUri] }), [alice, bob]);
const hubSender = { kind: "external", senderIndex: 0 } as const;
const seat = seatOf(state, bob);

describe("other proposals (5.12)", () => {
  for (const [title, proposal] of [
    ["a member's Update", { kind: "update", updated: seat, sender }],
    ["a member's PSK", { kind: "psk", sender }],
    [
      "a new nickname and leaf key",
      { kind: "update", updated: { ...seat, nickname: "Bobby", signatureKey: alice.signatureKey }, sender },
    ],
  ] as const) {
    it(`lets ${title} pass`, () => {
      assert.deepEqual(authorize(state, { kind: "propose", proposal }), { allowed: true });
    });
  }

  const refused: readonly (readonly [string, string, ProposalView])[] = [
    ["ReInit, even an owner's", "5.12/reinit", { kind: "reInit", sender: by(state, alice) }],
    ["a proposal of an unknown type", "5.12/unknown", { kind: "unknown", type: 0xf123, sender }],
    ["the hub's PSK", "5.12/psk", { kind: "psk", sender: hubSender }],
    ["a member's ExternalInit", "5.4/external-init", { kind: "externalInit", sender }],
    ["an Update of another leaf", "5.12/update", { kind: "update", updated: seatOf(state, alice), sender }],
    ["the hub's Update", "5.12/update", { kind: "update", updated: seat, sender: hubSender }],
    [
      "an Update to another client",
      "identity/changed",
      { kind: "update", updated: { ...seat, clientUri: cathy.clientUri }, sender },
    ],
    [
      "an Update to another user key",
      "identity/changed",
      { kind: "update", updated: { ...seat, userKey: cathy.userKey }, sender },
    ],
  ];
  for (const [title, rule, proposal] of refused) {
    it(`refuses ${title}, alone and in a commit`, () => {
      assert.deepEqual(authorize(state, { kind: "propose", proposal }), { allowed: false, rule });
      const commit = commitOf(state, by(state, alice), { proposals: [proposal] });
      assert.deepEqual(authorize(state, { kind: "commit", commit }), { allowed: false, rule });
    });
  }

  it("refuses everything of a banned sender", () => {
    const own = by(banned, bob);
    const denied = { allowed: false, rule: "2.2/banned" };
    assert.deepEqual(authorize(banned, { kind: "propose", proposal: { kind: "psk", sender: own } }), denied);
    assert.deepEqual(authorize(banned, { kind: "commit", commit: commitOf(banned, own, { proposals: [] }) }), denied);
  });
});

describe("a commit's path", () => {
  const commit = (committer: Member) =>
    authorize(state, { kind: "commit", commit: commitOf(state, sender, { proposals: [], committer }) });

  it("may bring a new leaf key and nickname", () => {
    assert.deepEqual(commit({ ...seat, signatureKey: cathy.signatureKey, nickname: "Robert" }), { allowed: true });
  });

  for (const [title, change] of [
    ["client", { clientUri: bobPhone.clientUri }],
    ["user", { clientUri: cathy.clientUri, userUri: cathy.userUri, userKey: cathy.userKey }],
    ["user key", { userKey: cathy.userKey }],
  ] as const) {
    it(`may not make the committer another ${title}`, () => {
      assert.deepEqual(commit({ ...seat, ...change }), { allowed: false, rule: "identity/changed" });
    });
  }
});
