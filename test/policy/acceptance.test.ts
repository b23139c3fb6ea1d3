import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { CommitView, Member, ProposalView, SenderView } from "../../src/codec/group-view.js";
import type { Acceptance } from "../../src/codec/leaf-extensions.js";
import { type RoomPolicy, roomPolicy } from "../../src/codec/room-policy.js";
import { encode } from "../../src/codec/tls.js";
import { accepts } from "../../src/policy/acceptance.js";
import { authorize } from "../../src/policy/authorize.js";
import type { Decision } from "../../src/policy/decision.js";
import { excludedBy } from "../../src/policy/excluded-by.js";
import { type RoomState, roomWithoutGroup } from "../../src/policy/room-state.js";
import {
  alice,
  bob,
  by,
  cathy,
  commitOf,
  extensionsOf,
  groupOf,
  hub,
  joining,
  policyOf,
  roomOf,
  room as uriOfRoom,
} from "../support/policy-room.js";

const everything: Acceptance = { logging: true, history: true, bots: true, receipts: true, pseudonyms: true };
const nothing: Acceptance = { logging: false, history: false, bots: false, receipts: false, pseudonyms: false };
const plain = policyOf({ pseudonymousIds: false });
const logged = policyOf({
  pseudonymousIds: false,
  loggingPolicy: {
    logging: "optional",
    enabled: true,
    loggingClients: [cathy.clientUri],
    machineReadablePolicy: "",
    humanReadablePolicy: "",
  },
});
const withHistory = policyOf({
  pseudonymousIds: false,
  historySharing: { historySharing: "optional", whoCanShare: ["owner"], automaticallyShare: false, maxTimePeriod: 60 },
});
const withBot = policyOf({
  pseudonymousIds: false,
  allowedBots: [
    {
      name: "mimi://example.com/u/bot",
      description: "",
      homepage: "",
      botRole: "visitor",
      canRead: false,
      canWrite: true,
      canTargetMessageInGroup: false,
      perUserContent: false,
    },
  ],
});

const allowed = { allowed: true };
const denied = (rule: string) => ({ allowed: false, rule });

describe("what a person accepts of a room (5.6)", () => {
  for (const [what, policy, field, rule] of [
    ["a room that is logged", logged, "logging", "self/logging"],
    ["a room that shows newcomers what was said", withHistory, "history", "self/history"],
    ["a room with bots", withBot, "bots", "self/bots"],
    [
      "a room that demands read receipts",
      policyOf({ pseudonymousIds: false, readReceipts: "required" }),
      "receipts",
      "self/receipts",
    ],
    [
      "a room that demands delivery notifications",
      policyOf({ pseudonymousIds: false, deliveryNotifications: "required" }),
      "receipts",
      "self/receipts",
    ],
    ["a room with pseudonyms", policyOf(), "pseudonyms", "self/pseudonyms"],
  ] as const) {
    it(`may leave out ${what}, and nothing else is denied by that`, () => {
      assert.deepEqual(accepts({ ...everything, [field]: false }, policy), denied(rule));
      assert.deepEqual(accepts({ ...nothing, [field]: true }, policy), allowed);
    });
  }

  it("is everything where nothing is said", () => {
    for (const policy of [plain, logged, withHistory, withBot]) assert.deepEqual(accepts(undefined, policy), allowed);
  });

  it("is always a room that has nothing of it", () => assert.deepEqual(accepts(nothing, plain), allowed));
});

const carefulBob: Member = { ...bob, acceptance: { ...everything, logging: false } };
const carefulCathy: Member = { ...cathy, acceptance: { ...everything, history: false } };

function commit(room: RoomState, sender: SenderView, ...proposals: readonly ProposalView[]): Decision {
  return authorize(room, { kind: "commit", commit: commitOf(room, sender, { proposals }) });
}

function change(room: RoomState, policy: RoomPolicy, removed: readonly Member[]): Decision {
  const sender = by(room, alice);
  const removals = removed.map((member) => ({ kind: "remove" as const, sender, removed: member }));
  return commit(
    room,
    sender,
    { kind: "groupContextExtensions", sender, extensions: extensionsOf(policy) },
    ...removals,
  );
}

describe("a client whose leaf says what it accepts (5.11)", () => {
  it("is removed by the commit that makes the room another, and it alone", () => {
    const room = roomOf(plain, [alice, carefulBob, carefulCathy]);
    assert.deepEqual(
      excludedBy(room, logged).map(({ clientUri }) => clientUri),
      [bob.clientUri],
    );
    assert.deepEqual(change(room, logged, excludedBy(room, logged)), allowed);
    assert.deepEqual(change(room, logged, []), denied("5.11/not-accepted"));
  });

  it("keeps a fixed-membership room from becoming another, since nobody is removed there", () => {
    const fixed = (policy: RoomPolicy): RoomPolicy => {
      const { preAuthList } = policyOf({}, { regular_user: [cathy.userUri] });
      return { ...policy, preAuthList, membershipStyle: "fixed_membership" };
    };
    const room = roomOf(fixed(plain), [alice, carefulCathy]);
    const changed = fixed(withHistory);
    assert.deepEqual(change(room, changed, []), denied("5.11/not-accepted"));
    assert.deepEqual(change(room, changed, excludedBy(room, changed)), denied("5.7/fixed-membership"));
    assert.deepEqual(change(roomOf(fixed(plain), [alice, cathy]), changed, []), allowed);
  });

  it("hinders no change that it accepts", () => {
    assert.deepEqual(change(roomOf(plain, [alice, carefulBob]), withHistory, []), allowed);
  });

  it("is not added to a room that it does not accept", () => {
    const room = roomOf(logged, [alice]);
    const sender = by(room, alice);
    assert.deepEqual(commit(room, sender, { kind: "add", sender, added: carefulBob }), denied("5.2/not-accepted"));
    assert.deepEqual(commit(room, sender, { kind: "add", sender, added: carefulCathy }), allowed);
  });

  it("does not come in by itself where it does not accept the room", () => {
    const room = roomOf(logged, [alice]);
    const joiner = joining(carefulBob);
    assert.deepEqual(commit(room, joiner, { kind: "externalInit", sender: joiner }), denied("5.4/not-accepted"));
    const sender: SenderView = { kind: "newMemberProposal", member: carefulBob };
    const proposal: ProposalView = { kind: "add", added: carefulBob, sender };
    assert.deepEqual(authorize(room, { kind: "propose", proposal }), denied("5.4/not-accepted"));
  });

  it("does not turn against the room's policy while it is inside", () => {
    const room = roomOf(logged, [alice, bob]);
    const sender = by(room, bob);
    const updated = { ...sender.member, acceptance: nothing };
    const proposal: ProposalView = { kind: "update", sender, updated };
    assert.deepEqual(authorize(room, { kind: "propose", proposal }), denied("5.12/not-accepted"));
    const path: CommitView = commitOf(room, sender, { proposals: [], committer: updated });
    assert.deepEqual(authorize(room, { kind: "commit", commit: path }), denied("5.12/not-accepted"));
    const fitting = { ...sender.member, acceptance: { ...nothing, logging: true } };
    assert.deepEqual(
      authorize(room, { kind: "propose", proposal: { kind: "update", sender, updated: fitting } }),
      allowed,
    );
  });

  it("makes no room that it does not accept", () => {
    const room = roomOf(logged, [{ ...alice, acceptance: { ...everything, logging: false } }]);
    const action = { kind: "createRoom", user: alice.userUri, policy: logged } as const;
    assert.deepEqual(authorize(room, action), denied("5.1/not-accepted"));
  });

  it("starts no next group of a room that it does not accept", () => {
    const retained = encode(roomPolicy, logged);
    const starting = (starter: Member): Decision =>
      authorize(roomWithoutGroup(logged, uriOfRoom, hub), {
        kind: "startGroup",
        user: starter.userUri,
        group: groupOf(logged, [starter]),
        retained,
      });
    assert.deepEqual(starting(carefulBob), denied("5.1/not-accepted"));
    assert.deepEqual(starting(carefulCathy), allowed);
  });
});
