import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Member } from "../../src/codec/group-view.js";
import type { RoomPolicy } from "../../src/codec/room-policy.js";
import { authorize } from "../../src/policy/authorize.js";
import type { Decision } from "../../src/policy/decision.js";
import { excludedBy } from "../../src/policy/excluded-by.js";
import { explainChange } from "../../src/policy/explain-change.js";
import { type RoomState, roleOf } from "../../src/policy/room-state.js";
import {
  adam,
  alice,
  bob,
  bobPhone,
  by,
  cathy,
  claiming,
  commitOf,
  eve,
  extensionsOf,
  hub,
  policyOf,
  roomOf,
  seatOf,
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

function change(state: RoomState, actor: Member, policy: RoomPolicy, removed: readonly Member[] = []): Decision {
  const sender = by(state, actor);
  const proposals = [
    { kind: "groupContextExtensions" as const, sender, extensions: extensionsOf(policy) },
    ...removed.map((member) => ({ kind: "remove" as const, sender, removed: seatOf(state, member) })),
  ];
  return authorize(state, { kind: "commit", commit: commitOf(state, sender, { proposals }) });
}

describe("being inside by claims", () => {
  it("keeps a leaf's claims as they are", () => {
    const state = roomOf(listing([group("admin", HIKERS)]), [alice, hiker]);
    const seat = seatOf(state, hiker);
    const { claims: _, ...silent } = seat;
    const sender = by(state, hiker);
    const updates = (updated: Member) =>
      authorize(state, { kind: "propose", proposal: { kind: "update", sender, updated } });
    const commits = (committer: Member) =>
      authorize(state, { kind: "commit", commit: commitOf(state, sender, { proposals: [], committer }) });
    assert.deepEqual(updates({ ...seat, nickname: "Robert" }), allowed);
    for (const other of [silent, claiming(seat, { groups: [HIKERS, RUNNERS] })]) {
      assert.deepEqual(updates(other), denied("identity/changed"));
      assert.deepEqual(commits(other), denied("identity/changed"));
    }
  });

  it("gives voice in a moderated room", () => {
    const state = roomOf(listing([group("regular_user", HIKERS)], policyOf({ moderated: true })), [
      alice,
      hiker,
      cathy,
    ]);
    const sends = (member: Member) => authorize(state, { kind: "sendMessage", user: member.userUri });
    assert.deepEqual(sends(hiker), allowed);
    assert.deepEqual(sends(cathy), denied("5.10/no-voice"));
  });

  it("ends with a ban of the group, which removes all clients, and is said before", () => {
    const state = roomOf(policyOf(), [alice, hiker, bobPhone, cathy]);
    const policy = listing([group("banned", HIKERS)]);
    const excluded = excludedBy(state, policy);
    assert.deepEqual(
      excluded.map(({ clientUri }) => clientUri),
      [bob.clientUri, bobPhone.clientUri],
    );
    assert.deepEqual(change(state, alice, policy, excluded), allowed);
    assert.deepEqual(change(state, alice, policy), denied("5.11/banned-occupant"));
    assert.deepEqual(explainChange(state, policy), [
      { kind: "removed", users: [bob.userUri] },
      { kind: "roleChanged", user: bob.userUri, from: "regular_user", to: "banned" },
    ]);
  });

  it("ends, too, when the provider is an external sender no more", () => {
    const policy = listing([domain("banned", "other.example"), group("regular_user", OTHER_HIKERS)]);
    const guest = claiming(eve, { groups: [OTHER_HIKERS] });
    const state = roomOf(policy, [alice, guest], [hub, EVERYWHERE]);
    assert.equal(roleOf(state, eve.userUri), "regular_user");
    assert.deepEqual(change(state, alice, policy), denied("5.11/banned-occupant"));
    assert.deepEqual(change(state, alice, policy, [guest]), allowed);
    assert.deepEqual(excludedBy(state, policy), []);
    assert.deepEqual(excludedBy(state, policy, undefined, extensionsOf(policy)), [seatOf(state, guest)]);
  });

  it("ends for the other client of a logging user with the provider, and only for that", () => {
    const loggingPolicy = { ...policyOf().loggingPolicy, logging: "required", enabled: true } as const;
    const logged = policyOf({ loggingPolicy: { ...loggingPolicy, loggingClients: [eve.clientUri] } });
    const phone = claiming({ ...eve, clientUri: "mimi://other.example/d/eve/phone" }, { groups: [OTHER_HIKERS] });
    const policy = listing([group("regular_user", OTHER_HIKERS)], logged);
    const state = roomOf(policy, [alice, eve, phone], [hub, EVERYWHERE]);
    const another = { ...policy, discoverable: !policy.discoverable };
    assert.deepEqual(change(state, alice, another), denied("7.4.2/other-client"));
    assert.deepEqual(change(state, alice, another, [phone]), allowed);
    assert.deepEqual(change(state, alice, another, [eve]), denied("5.7/all-clients"));
  });

  it("does not leave a members-only room without an owner or admin by it", () => {
    const policy = listing(
      [group("owner", HIKERS)],
      policyOf({ membershipStyle: "members_only" }, { owner: [], admin: [] }),
    );
    const state = roomOf(policy, [hiker, bobPhone, cathy]);
    const leaves = (member: Member) => {
      const removed = seatOf(state, member);
      return authorize(state, {
        kind: "propose",
        proposal: { kind: "selfRemove", sender: by(state, member), removed },
      });
    };
    assert.deepEqual(leaves(bobPhone), allowed);
    assert.deepEqual(leaves(hiker), denied("5.8/last-moderator"));
  });

  it("lets the last of the others leave while a provider takes out who leads by claims", () => {
    const policy = listing(
      [group("owner", HIKERS)],
      policyOf({ membershipStyle: "members_only" }, { owner: [alice.userUri], admin: [] }),
    );
    const state = roomOf(policy, [alice, hiker, cathy]);
    const proposals = [
      { kind: "remove", sender: { kind: "external", senderIndex: 0 }, removed: seatOf(state, hiker) },
      { kind: "selfRemove", sender: by(state, alice), removed: seatOf(state, alice) },
    ] as const;
    assert.deepEqual(
      authorize(state, { kind: "commit", commit: commitOf(state, by(state, cathy), { proposals }) }),
      allowed,
    );
  });

  it("is not taken or given by an admin where only an owner may", () => {
    const lists = [group("owner", HIKERS), group("admin", RUNNERS), workgroup("regular_user", STAFF)];
    const mixed = claiming(bob, { groups: [HIKERS], workgroups: [STAFF] });
    const state = roomOf(listing(lists), [
      alice,
      adam,
      mixed,
      claiming(cathy, { groups: [RUNNERS], workgroups: [STAFF] }),
    ]);
    const admin = (...more: Parameters<typeof listing>[0]) => change(state, adam, listing([...lists, ...more]));
    assert.deepEqual(admin(user("visitor", bob.userUri)), denied("5.11/outranked"));
    assert.deepEqual(admin(user("banned", cathy.userUri)), denied("5.11/outranked"));
    assert.deepEqual(admin(user("visitor", eve.userUri)), allowed);

    const demoted = [...lists, user("visitor", bob.userUri)];
    const held = roomOf(listing(demoted), [alice, adam, mixed]);
    assert.deepEqual(
      change(held, adam, listing(lists)),
      denied("5.11/outranked"),
      "an owner again, by an admin's striking out",
    );
    assert.deepEqual(change(held, alice, listing(lists)), allowed);
  });
});
