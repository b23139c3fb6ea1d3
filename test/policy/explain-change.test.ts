import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Member } from "../../src/codec/group-view.js";
import type { RoomPolicy } from "../../src/codec/room-policy.js";
import { authorize } from "../../src/policy/authorize.js";
import type { Decision } from "../../src/policy/decision.js";
import { excludedBy } from "../../src/policy/excluded-by.js";
import { explainChange } from "../../src/policy/explain-change.js";
import type { RoomState } from "../../src/policy/room-state.js";
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
  extensionsOf,
  policyOf,
  roomOf,
  seatOf,
} from "../support/policy-room.js";

const guest = client("example.com", "g-Zmh6rfhivXdsj8GLjp-OIAiXFIVu4jOzkCpZHQ1fKSU", "1");
const bobTablet = client("example.com", "bob", "tablet");
const alicePhone = client("example.com", "alice", "phone");

/** What the rules say of a commit of `policy` by `actor` that takes out `removed`. */
function changing(room: RoomState, actor: Member, policy: RoomPolicy, removed: readonly Member[]): Decision {
  const sender = by(room, actor);
  const proposals = [
    { kind: "groupContextExtensions" as const, sender, extensions: extensionsOf(policy) },
    ...removed.map((member) => ({ kind: "remove" as const, sender, removed: member })),
  ];
  return authorize(room, { kind: "commit", commit: commitOf(room, sender, { proposals }) });
}

const uris = (members: readonly Member[]): string[] => members.map(({ clientUri }) => clientUri);
const allowed = { allowed: true };
const denied = (rule: string) => ({ allowed: false, rule });

describe("excludedBy", () => {
  it("names all clients of who is banned", () => {
    const room = roomOf(policyOf(), [alice, bob, cathy, bobPhone]);
    const policy = policyOf({}, { banned: [bob.userUri] });
    assert.deepEqual(uris(excludedBy(room, policy)), [bob.clientUri, bobPhone.clientUri]);
    assert.deepEqual(changing(room, alice, policy, excludedBy(room, policy)), allowed);
  });

  it("names who was inside as a logging client and is listed no more", () => {
    const logged = policyOf({
      loggingPolicy: {
        logging: "optional",
        enabled: true,
        loggingClients: [eve.clientUri],
        machineReadablePolicy: "",
        humanReadablePolicy: "",
      },
    });
    const room = roomOf(logged, [alice, eve, bob]);
    assert.deepEqual(uris(excludedBy(room, policyOf())), [eve.clientUri]);
    assert.deepEqual(changing(room, alice, policyOf(), excludedBy(room, policyOf())), allowed);
    assert.deepEqual(changing(room, alice, policyOf(), []), denied("5.11/dropped-occupant"));
  });

  it("names guests where pseudonyms end", () => {
    const room = roomOf(policyOf(), [alice, guest, bob]);
    const policy = policyOf({ pseudonymousIds: false });
    assert.deepEqual(uris(excludedBy(room, policy)), [guest.clientUri]);
    assert.deepEqual(changing(room, alice, policy, excludedBy(room, policy)), allowed);
  });

  it("names each user's later clients where a room becomes single-device, and the committer's others", () => {
    const room = roomOf(policyOf(), [bob, alice, bobPhone, alicePhone]);
    const policy = policyOf({ multiDevice: false });
    assert.deepEqual(uris(excludedBy(room, policy)), [bobPhone.clientUri, alicePhone.clientUri]);
    assert.deepEqual(changing(room, alice, policy, excludedBy(room, policy)), allowed);
    const phone = seatOf(room, alicePhone);
    assert.deepEqual(uris(excludedBy(room, policy, phone)), [bobPhone.clientUri, alice.clientUri]);
    assert.deepEqual(changing(room, phone, policy, excludedBy(room, policy, phone)), allowed);
  });

  it("names nobody where the policy stays", () => {
    const room = roomOf(policyOf(), [alice, bob, bobPhone, guest]);
    assert.deepEqual(excludedBy(room, room.policy), []);
  });
});

describe("a commit that removes some of a user's clients", () => {
  const room = roomOf(policyOf(), [alice, bob, bobPhone]);

  it("is refused where the policy stays", () => {
    assert.deepEqual(changing(room, alice, room.policy, [seatOf(room, bobPhone)]), denied("5.7/all-clients"));
  });

  it("is refused where the new policy has a place for them", () => {
    const policy = policyOf({ moderated: true });
    assert.deepEqual(changing(room, alice, policy, [seatOf(room, bobPhone)]), denied("5.7/all-clients"));
  });

  it("counts without who leaves in it of its own accord", () => {
    const all = roomOf(policyOf(), [alice, bob, bobPhone, bobTablet]);
    const policy = policyOf({ multiDevice: false });
    const sender = by(all, alice);
    const leaver = by(all, bob);
    const commit = (removed: Member): Decision =>
      authorize(all, {
        kind: "commit",
        commit: commitOf(all, sender, {
          proposals: [
            { kind: "groupContextExtensions", sender, extensions: extensionsOf(policy) },
            { kind: "selfRemove", sender: leaver, removed: leaver.member },
            { kind: "remove", sender, removed: seatOf(all, removed) },
          ],
        }),
      });
    assert.deepEqual(commit(bobTablet), allowed);
    assert.deepEqual(commit(bobPhone), denied("5.7/all-clients"));
  });

  it("is refused where another than the later ones goes", () => {
    const policy = policyOf({ multiDevice: false });
    assert.deepEqual(changing(room, alice, policy, [seatOf(room, bob)]), denied("5.7/all-clients"));
  });
});

describe("explainChange", () => {
  it("says nothing where nothing changes", () => {
    assert.deepEqual(explainChange(roomOf(policyOf(), [alice, bob]), policyOf()), []);
  });

  it("says who is removed, and of a ban that it is one", () => {
    const policy = policyOf({}, { banned: [bob.userUri] });
    assert.deepEqual(explainChange(roomOf(policyOf(), [alice, bob, bobPhone]), policy), [
      { kind: "removed", users: [bob.userUri] },
      { kind: "roleChanged", user: bob.userUri, from: "regular_user", to: "banned" },
    ]);
  });

  it("says who loses devices and keeps one, and does not call them removed", () => {
    const room = roomOf(policyOf(), [alice, bob, cathy, bobPhone, bobTablet]);
    assert.deepEqual(
      explainChange(room, policyOf({ multiDevice: false })).filter(({ kind }) => kind !== "fact"),
      [{ kind: "losesDevices", users: [bob.userUri] }],
    );
    const banned = explainChange(room, policyOf({ multiDevice: false }, { banned: [bob.userUri] }));
    assert.deepEqual(
      banned.map(({ kind }) => kind).filter((kind) => kind !== "fact"),
      ["removed", "roleChanged"],
    );
  });

  it("says who falls silent where a room becomes moderated, and who is heard again afterwards", () => {
    const [open, moderated] = [policyOf(), policyOf({ moderated: true })];
    const people = [alice, adam, bob, cathy];
    const silent = explainChange(roomOf(open, people), moderated);
    assert.deepEqual(silent, [
      { kind: "losesVoice", users: [bob.userUri, cathy.userUri] },
      { kind: "fact", before: undefined, after: { kind: "moderated" } },
    ]);
    assert.deepEqual(explainChange(roomOf(moderated, people), open), [
      { kind: "gainsVoice", users: [bob.userUri, cathy.userUri] },
      { kind: "fact", before: { kind: "moderated" }, after: undefined },
    ]);
  });

  it("says whose entry gives another role, inside or not, and who has voice by it", () => {
    const room = roomOf(policyOf({ moderated: true }), [alice, bob]);
    const policy = policyOf({ moderated: true }, { regular_user: [bob.userUri], admin: [cathy.userUri] });
    assert.deepEqual(explainChange(room, policy), [
      { kind: "gainsVoice", users: [bob.userUri] },
      { kind: "roleChanged", user: bob.userUri, from: "visitor", to: "regular_user" },
      { kind: "roleChanged", user: adam.userUri, from: "admin", to: "visitor" },
      { kind: "roleChanged", user: cathy.userUri, from: "visitor", to: "admin" },
    ]);
  });

  it("says nothing of an entry that gives the role which the user had without", () => {
    assert.deepEqual(
      explainChange(roomOf(policyOf(), [alice, bob]), policyOf({}, { regular_user: [bob.userUri] })),
      [],
    );
  });

  it("sets statements side by side that exclude each other", () => {
    const historySharing = {
      historySharing: "optional",
      whoCanShare: ["owner"],
      automaticallyShare: false,
      maxTimePeriod: 60,
    } as const;
    const policy = policyOf({ membershipStyle: "members_only", historySharing });
    assert.deepEqual(explainChange(roomOf(policyOf(), [alice]), policy), [
      { kind: "fact", before: { kind: "anyoneMayJoin" }, after: { kind: "membersOnly" } },
      { kind: "fact", before: { kind: "noHistoryForNewcomers" }, after: { kind: "historyShared", seconds: 60 } },
    ]);
  });
});
