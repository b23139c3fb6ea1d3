import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { utf8 } from "../../src/codec/bytes.js";
import type { Member } from "../../src/codec/group-view.js";
import { type RoomPolicy, roomPolicy } from "../../src/codec/room-policy.js";
import { encode } from "../../src/codec/tls.js";
import { authorize } from "../../src/policy/authorize.js";
import type { Decision } from "../../src/policy/decision.js";
import { excludedBy } from "../../src/policy/excluded-by.js";
import { explainChange } from "../../src/policy/explain-change.js";
import { lockDown, lockedDown, unlock } from "../../src/policy/lockdown.js";
import { validatePolicy } from "../../src/policy/validate-policy.js";
import {
  adam,
  alice,
  bob,
  by,
  cathy,
  commitOf,
  extensionsOf,
  joining,
  policyOf,
  roomOf,
  seatOf,
} from "../support/policy-room.js";
import { anyPolicy } from "./properties/any-room.js";
import { holdsForTapes } from "./properties/tape.js";

const open = policyOf();
const knocking = policyOf({ membershipStyle: "members_only", knockAllowed: true });
const allowed = { allowed: true };
const denied = (rule: string) => ({ allowed: false, rule });

/** What is decided of a change to `policy` by `actor`. */
function changing(from: RoomPolicy, actor: Member, policy: RoomPolicy): Decision {
  const room = roomOf(from, [alice, adam, bob]);
  const sender = by(room, actor);
  return authorize(room, {
    kind: "commit",
    commit: commitOf(room, sender, {
      proposals: [{ kind: "groupContextExtensions", sender, extensions: extensionsOf(policy) }],
    }),
  });
}

describe("a lockdown", () => {
  it("closes an open room, stops knocks, and moderates", () => {
    const { membershipStyle, moderated } = lockDown(open);
    assert.deepEqual({ membershipStyle, moderated }, { membershipStyle: "members_only", moderated: true });
    assert.equal(lockDown(knocking).knockAllowed, false);
    assert.deepEqual(validatePolicy(lockDown(open)), allowed);
    assert.deepEqual(validatePolicy(lockDown(knocking)), allowed);
  });

  it("leaves a fixed-membership room one", () => {
    assert.equal(lockDown(policyOf({ membershipStyle: "fixed_membership" })).membershipStyle, "fixed_membership");
  });

  it("is told apart from a room that was always closed", () => {
    assert.equal(lockedDown(lockDown(open)), true);
    assert.equal(lockedDown(policyOf({ membershipStyle: "members_only", moderated: true })), false);
  });

  it("ends with the very policy that was there before, to the octet", () => {
    holdsForTapes(3000, 60, (tape) => {
      const policy = { ...anyPolicy(tape), knockAllowed: tape.once(2), moderated: tape.once(2) };
      assert.deepEqual(encode(roomPolicy, unlock(lockDown(policy))), encode(roomPolicy, policy));
    });
  });

  it("begins once and ends once", () => {
    const locked = lockDown(open);
    assert.equal(lockDown(locked), locked);
    assert.equal(unlock(open), open);
  });

  it("keeps what was changed meanwhile", () => {
    const renamed = { ...lockDown(open), discoverable: true };
    assert.deepEqual(unlock(renamed), { ...open, discoverable: true });
  });

  it("takes nobody out, and leaves voice to those who were given it", () => {
    const policy = policyOf({}, { regular_user: [cathy.userUri] });
    const room = roomOf(policy, [alice, adam, bob, cathy]);
    assert.deepEqual(excludedBy(room, lockDown(policy)), []);
    assert.deepEqual(explainChange(room, lockDown(policy)).slice(0, 1), [{ kind: "losesVoice", users: [bob.userUri] }]);
  });

  it("lets nobody new in, and those inside with another client or in the place of their old leaf", () => {
    const room = roomOf(lockDown(open), [alice, adam, bob]);
    const entering = (user: string): Decision => authorize(room, { kind: "fetchGroupInfo", user });
    assert.deepEqual(entering(cathy.userUri), denied("5.5/not-admitted"));
    assert.deepEqual(entering(bob.userUri), allowed);
    const sender = joining(bob);
    const proposals = [
      { kind: "remove" as const, removed: seatOf(room, bob), sender },
      { kind: "externalInit" as const, sender },
    ];
    assert.deepEqual(authorize(room, { kind: "commit", commit: commitOf(room, sender, { proposals }) }), allowed);
    const adding = by(room, bob);
    const addition = commitOf(room, adding, { proposals: [{ kind: "add", added: cathy, sender: adding }] });
    assert.deepEqual(authorize(room, { kind: "commit", commit: addition }), denied("5.2/not-a-moderator"));
  });

  it("is begun and ended by an owner, and by no admin", () => {
    assert.deepEqual(changing(open, alice, lockDown(open)), allowed);
    assert.deepEqual(changing(lockDown(open), alice, open), allowed);
    assert.deepEqual(changing(open, adam, lockDown(open)), denied("5.11/admin-membership-only"));
    assert.deepEqual(changing(lockDown(open), adam, open), denied("5.11/admin-membership-only"));
  });
});

describe("a policy that says it is locked down", () => {
  const locked = lockDown(open);
  const saying = (value: Uint8Array, type: "jsonObject" | "string" = "jsonObject"): RoomPolicy => ({
    ...locked,
    policyExtensions: [...open.policyExtensions, { name: "lockdown", type, value }],
  });
  const former = '{"open":true,"moderated":false,"knock_allowed":false}';

  it("is valid with what was before", () => assert.deepEqual(validatePolicy(saying(utf8(former))), allowed));

  for (const [title, policy] of [
    ["is open", { ...locked, membershipStyle: "open" as const }],
    ["is not moderated", { ...locked, moderated: false }],
    ["takes knocks", { ...locked, knockAllowed: true }],
    ["does not say what was before", saying(utf8("{}"))],
    ["was open and took knocks", saying(utf8(former.replaceAll("false", "true")))],
    ["was open and has fixed members", { ...locked, membershipStyle: "fixed_membership" as const }],
    ["says it in another spelling", saying(utf8(former.replace(",", ", ")))],
    ["says it in octets that are no text", saying(Uint8Array.of(255))],
    ["says it as another type", saying(utf8(former), "string")],
  ] as const) {
    it(`is invalid where it ${title}`, () => assert.deepEqual(validatePolicy(policy), denied("valid/lockdown")));
  }

  it("cannot be unlocked where it does not say what was before", () => {
    const broken = saying(utf8("{}"));
    assert.equal(unlock(broken), broken);
  });
});
