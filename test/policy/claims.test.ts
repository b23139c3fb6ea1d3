import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ExtensionView, Member } from "../../src/codec/group-view.js";
import { authorize } from "../../src/policy/authorize.js";
import type { Decision } from "../../src/policy/decision.js";
import { listedRole, type RoomState, roleOf, roomStateOf } from "../../src/policy/room-state.js";
import {
  alice,
  bob,
  bobPhone,
  by,
  cathy,
  claiming,
  commitOf,
  eve,
  groupOf,
  hub,
  joining,
  policyOf,
  room,
  roomOf,
} from "../support/policy-room.js";
import {
  domain,
  EVERYWHERE,
  group,
  HIKERS,
  hiker,
  listing,
  OTHER_HIKERS,
  RUNNERS,
  STAFF,
  user,
  workgroup,
} from "../support/wide-policy.js";

const allowed = { allowed: true };
const denied = (rule: string) => ({ allowed: false, rule });

const closed = policyOf({ membershipStyle: "members_only" });

function joins(state: RoomState, member: Member): Decision {
  const sender = joining({ ...member, leafIndex: 9 });
  return authorize(state, {
    kind: "commit",
    commit: commitOf(state, sender, { proposals: [{ kind: "externalInit", sender }] }),
  });
}

describe("a role by claims", () => {
  for (const [title, lists, said, role] of [
    ["a group's", [group("admin", HIKERS)], { groups: [HIKERS] }, "admin"],
    ["a group's in another spelling", [group("admin", "im:mimi=#hikers@example.com")], { groups: [HIKERS] }, "admin"],
    ["a workgroup's", [workgroup("visitor", STAFF)], { workgroups: [STAFF] }, "visitor"],
    ["its domain's", [domain("owner", "Example.com")], {}, "owner"],
    ["no workgroup's that it claims as a group", [workgroup("admin", STAFF)], { groups: [STAFF] }, "regular_user"],
    ["no other group's", [group("admin", RUNNERS)], { groups: [HIKERS] }, "regular_user"],
    ["no other domain's", [domain("admin", "other.example")], {}, "regular_user"],
    [
      "its own entry's before its group's",
      [user("visitor", bob.userUri), group("admin", HIKERS)],
      { groups: [HIKERS] },
      "visitor",
    ],
    [
      "its own entry's before a group's ban",
      [user("visitor", bob.userUri), group("banned", HIKERS)],
      { groups: [HIKERS] },
      "visitor",
    ],
    [
      "its group's before its workgroup's",
      [workgroup("owner", STAFF), group("visitor", HIKERS)],
      { groups: [HIKERS], workgroups: [STAFF] },
      "visitor",
    ],
    [
      "its workgroup's before its domain's ban",
      [domain("banned", "example.com"), workgroup("visitor", STAFF)],
      { workgroups: [STAFF] },
      "visitor",
    ],
    [
      "a ban by its own entry before everything",
      [user("banned", bob.userUri), group("owner", HIKERS)],
      { groups: [HIKERS] },
      "banned",
    ],
    [
      "among groups the more privileged",
      [group("visitor", HIKERS), group("admin", RUNNERS)],
      { groups: [HIKERS, RUNNERS] },
      "admin",
    ],
    [
      "among groups a ban before all others",
      [group("owner", RUNNERS), group("banned", HIKERS), group("admin", STAFF)],
      { groups: [RUNNERS, HIKERS, STAFF] },
      "banned",
    ],
    [
      "never a system user's",
      [group("system", HIKERS), domain("system", "example.com")],
      { groups: [HIKERS] },
      "regular_user",
    ],
  ] as const) {
    it(`is ${title}`, () => {
      assert.equal(roleOf(roomOf(listing(lists), [alice, claiming(bob, said)]), bob.userUri), role);
    });
  }

  it("needs a leaf that claims, and a ban of a domain needs none", () => {
    const granting = listing([group("admin", HIKERS), workgroup("admin", STAFF), domain("admin", "example.com")]);
    assert.equal(listedRole(roomOf(granting, [alice, bob]), bob.userUri), undefined);
    assert.equal(listedRole(roomOf(granting, [alice, hiker]), cathy.userUri), undefined);
    assert.equal(listedRole(roomOf(listing([domain("banned", "example.com")]), [alice]), bob.userUri), "banned");
  });

  it("counts only by the key of the user's own provider among the room's external senders", () => {
    const policy = listing([group("admin", HIKERS, OTHER_HIKERS)]);
    const guest = claiming(eve, { groups: [OTHER_HIKERS] });
    const role = (member: Member, senders?: readonly string[]) =>
      listedRole(roomOf(policy, [alice, member], senders), member.userUri);
    assert.equal(role(guest), undefined, "a provider that is no external sender");
    assert.equal(role(guest, [hub, EVERYWHERE]), "admin");
    assert.equal(role(claiming(bob, { groups: [HIKERS] }, "mallory"), [hub, EVERYWHERE]), undefined, "no sender's key");
    assert.equal(
      role(claiming(bob, { groups: [HIKERS] }, EVERYWHERE), [hub, EVERYWHERE]),
      undefined,
      "another provider's",
    );
    const odd: ExtensionView[] = [{ type: 0x0005, data: Uint8Array.of(7) }];
    const blind = roomStateOf(groupOf(policy, [alice, hiker], odd), room, hub);
    assert.equal(listedRole(blind, bob.userUri), undefined, "malformed external senders");
  });

  it("is the more privileged of what two clients claim, each by itself, and a ban if one is banned", () => {
    const policy = listing([group("visitor", HIKERS), workgroup("admin", STAFF), group("banned", RUNNERS)]);
    const phone = (said: Parameters<typeof claiming>[1]) => claiming(bobPhone, said);
    const role = (...members: Member[]) => listedRole(roomOf(policy, [alice, ...members]), bob.userUri);
    assert.equal(role(claiming(bob, { groups: [HIKERS], workgroups: [STAFF] })), "visitor");
    assert.equal(role(hiker, phone({ workgroups: [STAFF] })), "admin");
    assert.equal(role(hiker, bobPhone), "visitor");
    assert.equal(role(hiker, phone({ groups: [RUNNERS] })), "banned");
    assert.equal(role(phone({ groups: [RUNNERS] }), hiker), "banned");
  });
});

describe("coming in by claims", () => {
  const inviting = listing([group("regular_user", HIKERS), group("banned", RUNNERS)], closed);

  it("lets a listed group's users join a members-only room, be it by themselves or by an External Add", () => {
    const state = roomOf(inviting, [alice]);
    assert.deepEqual(joins(state, bob), denied("5.4/not-admitted"));
    assert.deepEqual(joins(state, hiker), allowed);
    const added = (member: Member) => {
      const sender = { kind: "newMemberProposal", member } as const;
      return authorize(state, { kind: "propose", proposal: { kind: "add", sender, added: member } });
    };
    assert.deepEqual(added(bob), denied("5.4/not-admitted"));
    assert.deepEqual(added(hiker), allowed);
  });

  it("keeps a banned group's users out, whoever brings them", () => {
    const runner = claiming(bob, { groups: [RUNNERS] });
    const state = roomOf(listing([group("banned", RUNNERS)]), [alice]);
    assert.deepEqual(joins(state, bob), allowed);
    assert.deepEqual(joins(state, runner), denied("5.4/banned"));
    const sender = by(state, alice);
    const add = { kind: "propose", proposal: { kind: "add", sender, added: runner } } as const;
    assert.deepEqual(authorize(state, add), denied("5.2/banned"));
  });

  it("keeps out a second client that would be banned alone, so that nobody is banned by a client's leaving", () => {
    const state = roomOf(
      listing([domain("banned", "example.com"), group("regular_user", HIKERS), user("owner", alice.userUri)]),
      [alice, hiker],
    );
    assert.deepEqual(joins(state, bobPhone), denied("5.4/banned"));
    assert.deepEqual(joins(state, claiming(bobPhone, { groups: [HIKERS] })), allowed);
  });

  it("gives the GroupInfo to who shows claims, and judges who shows none by its name", () => {
    const state = roomOf(inviting, [alice]);
    const fetches = (member: Member, by = state) =>
      authorize(by, { kind: "fetchGroupInfo", user: member.userUri, ...(member.claims && { claims: member.claims }) });
    assert.deepEqual(fetches(bob), denied("5.5/not-admitted"));
    assert.deepEqual(fetches(hiker), allowed);
    assert.deepEqual(fetches(claiming(bob, { groups: [RUNNERS] })), denied("5.5/banned"));
    assert.deepEqual(fetches(claiming(bob, { groups: [HIKERS] }, "mallory")), denied("5.5/not-admitted"));
    assert.deepEqual(fetches(bob, roomOf(inviting, [alice, hiker])), allowed);
  });

  it("lets who owns a room by its group make it", () => {
    const policy = listing([group("owner", HIKERS)], policyOf({}, { owner: [], admin: [] }));
    const creating = (member: Member) =>
      authorize(roomOf(policy, [member]), { kind: "createRoom", user: member.userUri, policy });
    assert.deepEqual(creating(hiker), allowed);
    assert.deepEqual(creating(bob), denied("5.1/not-a-moderator"));
  });
});
