import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Member, ProposalView, SenderView } from "../../../src/codec/group-view.js";
import type { Bot } from "../../../src/codec/room-policy.js";
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
  joining,
  policyOf,
  roomOf,
} from "../../support/policy-room.js";

const reader: Bot = {
  name: bob.userUri,
  description: "Rolls dice",
  homepage: "",
  botRole: "visitor",
  canRead: true,
  canWrite: true,
  canTargetMessageInGroup: false,
  perUserContent: false,
};
const loggedBy = (...loggingClients: readonly string[]) => ({
  ...policyOf().loggingPolicy,
  logging: "required" as const,
  enabled: true,
  loggingClients,
});
const deaf = roomOf(policyOf({ allowedBots: [{ ...reader, canRead: false }] }), [alice, adam]);
const hearing = roomOf(policyOf({ allowedBots: [reader] }), [alice, adam]);
const logged = roomOf(policyOf({ loggingPolicy: loggedBy(bob.clientUri) }), [alice, adam]);
const loggedByUser = roomOf(policyOf({ loggingPolicy: loggedBy(bob.userUri) }), [alice, adam]);
const fixed = roomOf(policyOf({ membershipStyle: "fixed_membership", loggingPolicy: loggedBy(bob.clientUri) }), [
  alice,
]);

function add(state: RoomState, added: Member): Decision {
  const sender = by(state, alice);
  return commit(state, sender, { kind: "add", added, sender });
}

function join(state: RoomState, who: Member): Decision {
  return commit(state, joining(who), { kind: "externalInit", sender: joining(who) });
}

function commit(state: RoomState, sender: SenderView, ...proposals: readonly ProposalView[]): Decision {
  return authorize(state, { kind: "commit", commit: commitOf(state, sender, { proposals }) });
}

describe("logging clients, bots and system users, when they come (5.2)", () => {
  for (const [title, state, who] of [
    ["a bot that may read", hearing, bob],
    ["the logging client that the policy names", logged, bob],
    ["any client of a logging user that the policy names", loggedByUser, bobPhone],
    ["the logging client of a fixed room", fixed, bob],
    ["a system user", roomOf(policyOf({}, { system: [cathy.userUri] }), [alice, adam]), cathy],
    [
      "another client of a logging user who is listed",
      roomOf(policyOf({ loggingPolicy: loggedBy(bob.clientUri) }, { regular_user: [bob.userUri] }), [alice]),
      bobPhone,
    ],
  ] as const) {
    it(`lets ${title} be added, and join`, () => {
      assert.deepEqual(add(state, who), { allowed: true });
      assert.deepEqual(join(state, who), { allowed: true });
    });
  }

  for (const [title, rule, state, who] of [
    ["a bot that may not read", "7.4.4/bot-reads", deaf, bob],
    ["another client of the logging user", "7.4.2/other-client", logged, bobPhone],
    ["the same in a fixed room", "7.4.2/other-client", fixed, bobPhone],
  ] as const) {
    it(`refuses ${title}, added or joining`, () => {
      assert.deepEqual(add(state, who), { allowed: false, rule });
      assert.deepEqual(join(state, who), { allowed: false, rule });
      const sender = { kind: "newMemberProposal", member: who } as const;
      const proposal: ProposalView = { kind: "add", added: who, sender };
      assert.deepEqual(authorize(state, { kind: "propose", proposal }), { allowed: false, rule });
    });
  }

  it("refuses a listed guest in a fixed room that allows no pseudonyms (7.3)", () => {
    const guest = client("example.com", "g-Zmh6rfhivXdsj8GLjp-OIAiXFIVu4jOzkCpZHQ1fKSU", "1");
    const policy = policyOf(
      { membershipStyle: "fixed_membership", pseudonymousIds: false },
      { regular_user: [guest.userUri] },
    );
    assert.deepEqual(add(roomOf(policy, [alice]), guest), { allowed: false, rule: "7.3/pseudonym" });
  });

  it("refuses a second client that the logging client adds of its own user", () => {
    const state = roomOf(logged.policy, [alice, adam, bob]);
    const sender = by(state, bob);
    const denied = { allowed: false, rule: "7.4.2/other-client" };
    assert.deepEqual(commit(state, sender, { kind: "add", added: bobPhone, sender }), denied);
  });
});
