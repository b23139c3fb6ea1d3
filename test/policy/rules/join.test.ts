import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ProposalView } from "../../../src/codec/group-view.js";
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
  extensionsOf,
  joining,
  policyOf,
  roomOf,
  seatOf,
} from "../../support/policy-room.js";

const open = policyOf();
const ghost = client("example.com", "bob", "1", "someone else's");

function join(state: RoomState, who = bob, others: readonly ProposalView[] = []): Decision {
  const sender = joining(who);
  return authorize(state, {
    kind: "commit",
    commit: commitOf(state, sender, { proposals: [...others, { kind: "externalInit", sender }] }),
  });
}

describe("joining by External Commit (5.4) and fetching the GroupInfo (5.5)", () => {
  for (const [title, state] of [
    ["anyone into an open room", roomOf(open, [alice])],
    [
      "a listed user into a members-only room",
      roomOf(policyOf({ membershipStyle: "members_only" }, { visitor: [bob.userUri] }), [alice]),
    ],
    ["another client of an occupant", roomOf(policyOf({ membershipStyle: "members_only" }), [alice, bobPhone])],
    [
      "a listed user into a fixed room",
      roomOf(policyOf({ membershipStyle: "fixed_membership" }, { regular_user: [bob.userUri] }), [alice]),
    ],
    [
      "a user listed in the seed's spelling",
      roomOf(policyOf({ membershipStyle: "members_only" }, { visitor: ["im:mimi=%40bob@Example.com"] }), [alice]),
    ],
    [
      "a listed logging client",
      roomOf(
        policyOf({
          membershipStyle: "members_only",
          loggingPolicy: { ...open.loggingPolicy, logging: "optional", enabled: true, loggingClients: [bob.clientUri] },
        }),
        [alice],
      ),
    ],
    [
      "another client of an occupant, past a password",
      roomOf(policyOf({ passwordProtected: true }), [alice, bobPhone]),
    ],
  ] as const) {
    it(`lets ${title} in`, () => {
      assert.deepEqual(join(state), { allowed: true });
      assert.deepEqual(authorize(state, { kind: "fetchGroupInfo", user: bob.userUri }), { allowed: true });
    });
  }

  for (const [title, slug, state] of [
    ["a banned user", "banned", roomOf(policyOf({}, { banned: [bob.userUri] }), [alice])],
    [
      "a banned user whose other client is inside",
      "banned",
      roomOf(policyOf({}, { banned: [bob.userUri] }), [alice, bobPhone]),
    ],
    ["a user of a banned domain", "banned", roomOf(withDomain("banned", "Example.COM"), [alice])],
    [
      "a stranger into a members-only room",
      "not-admitted",
      roomOf(policyOf({ membershipStyle: "members_only" }), [alice]),
    ],
    [
      "a user of a listed domain, whose claim no leaf carries yet",
      "not-admitted",
      roomOf({ ...withDomain("regular_user", "example.com"), membershipStyle: "members_only" }, [alice]),
    ],
    [
      "a stranger into a fixed room",
      "fixed-membership",
      roomOf(policyOf({ membershipStyle: "fixed_membership" }), [alice]),
    ],
    [
      "a stranger into a child room",
      "parent-dependent",
      roomOf(policyOf({ membershipStyle: "parent_dependent", parentRoomUri: "mimi://example.com/r/parent" }), [alice]),
    ],
    ["a stranger into a room with a password", "password", roomOf(policyOf({ passwordProtected: true }), [alice])],
  ] as const) {
    it(`keeps ${title} out`, () => {
      assert.deepEqual(join(state), { allowed: false, rule: `5.4/${slug}` });
      assert.deepEqual(authorize(state, { kind: "fetchGroupInfo", user: bob.userUri }), {
        allowed: false,
        rule: `5.5/${slug}`,
      });
    });
  }

  it("lets an explicitly listed user in though its domain is banned", () => {
    const policy = withDomain("banned", "example.com", { regular_user: [bob.userUri] });
    assert.deepEqual(authorize(roomOf(policy, [alice]), { kind: "fetchGroupInfo", user: bob.userUri }), {
      allowed: true,
    });
  });

  it("wants a room for guests to allow pseudonyms (7.3)", () => {
    const guest = client("example.com", "g-Zmh6rfhivXdsj8GLjp-OIAiXFIVu4jOzkCpZHQ1fKSU", "1");
    assert.deepEqual(join(roomOf(open, [alice]), guest), { allowed: true });
    const denied = join(roomOf(policyOf({ pseudonymousIds: false }), [alice]), guest);
    assert.deepEqual(denied, { allowed: false, rule: "7.3/pseudonym" });
  });

  it("lets a client that lost its state take its old leaf out, and pending SelfRemoves with it", () => {
    const state = roomOf(open, [alice, bob, cathy]);
    const decision = join(state, bob, [
      { kind: "remove", removed: seatOf(state, bob), sender: joining(bob) },
      { kind: "selfRemove", removed: seatOf(state, cathy), sender: by(state, cathy) },
      { kind: "psk", sender: joining(bob) },
    ]);
    assert.deepEqual(decision, { allowed: true });
  });

  const state = roomOf(open, [alice, bob, cathy]);
  for (const [title, rule, who, others] of [
    [
      "taking another user's leaf out",
      "5.4/remove-other",
      bobPhone,
      [{ kind: "remove", removed: seatOf(state, cathy), sender: joining(bobPhone) }],
    ],
    [
      "even as the room's admin",
      "5.4/remove-other",
      adam,
      [{ kind: "remove", removed: seatOf(state, cathy), sender: joining(adam) }],
    ],
    [
      "taking a leaf of the same name under another key",
      "5.4/remove-other",
      ghost,
      [{ kind: "remove", removed: seatOf(state, bob), sender: joining(ghost) }],
    ],
    [
      "joining under a user's name with another key",
      "identity/conflicting-keys",
      client("example.com", "bob", "2", "someone else's"),
      [],
    ],
    ["leaving one's old leaf in", "identity/duplicate-client", bob, []],
    ["adding somebody on the way", "5.4/proposal", bobPhone, [{ kind: "add", added: adam, sender: joining(bobPhone) }]],
    [
      "changing the policy on the way",
      "5.4/proposal",
      bobPhone,
      [{ kind: "groupContextExtensions", extensions: extensionsOf(open), sender: joining(bobPhone) }],
    ],
    ["a second ExternalInit", "5.4/external-init", bobPhone, [{ kind: "externalInit", sender: joining(bobPhone) }]],
  ] as const) {
    it(`refuses ${title}`, () => assert.deepEqual(join(state, who, others), { allowed: false, rule }));
  }

  it("leaves what the hub's system user proposed to the members", () => {
    const kick: ProposalView = {
      kind: "remove",
      removed: seatOf(state, cathy),
      sender: { kind: "external", senderIndex: 0 },
    };
    assert.deepEqual(join(state, bobPhone, [kick]), { allowed: false, rule: "5.4/proposal" });
  });

  it("refuses a join without ExternalInit", () => {
    const commit = commitOf(state, joining(adam), { proposals: [] });
    assert.deepEqual(authorize(state, { kind: "commit", commit }), { allowed: false, rule: "5.4/external-init" });
  });

  it("refuses a second client where the room is single-device, but not one in the place of the first", () => {
    const single = roomOf(policyOf({ multiDevice: false }), [alice, bob]);
    assert.deepEqual(join(single, bobPhone), { allowed: false, rule: "5.2/single-device" });
    const old: ProposalView = { kind: "remove", removed: seatOf(single, bob), sender: joining(bobPhone) };
    assert.deepEqual(join(single, bobPhone, [old]), { allowed: true });
  });

  it("refuses a commit whose sender can be no committer", () => {
    const sender = { kind: "external", senderIndex: 0 } as const;
    const commit = commitOf(state, sender, { proposals: [] });
    assert.deepEqual(authorize(state, { kind: "commit", commit }), { allowed: false, rule: "5.4/sender" });
  });
});

function withDomain(targetRole: "banned" | "regular_user", domain: string, roles = {}) {
  const policy = policyOf({}, roles);
  const list = { targetRole, preauthDomain: [domain], preauthWorkgroup: [], preauthGroup: [], preauthUser: [] };
  return { ...policy, preAuthList: [...policy.preAuthList, list] };
}
