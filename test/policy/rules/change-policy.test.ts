import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ExtensionView, Member, ProposalView } from "../../../src/codec/group-view.js";
import { EXTENSION } from "../../../src/codec/leaf-extensions.js";
import type { RoomPolicy } from "../../../src/codec/room-policy.js";
import { authorize } from "../../../src/policy/authorize.js";
import type { Decision } from "../../../src/policy/decision.js";
import { type RoomState, roleOf } from "../../../src/policy/room-state.js";
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
  hub,
  policyOf,
  roomOf,
  seatOf,
} from "../../support/policy-room.js";

const state = roomOf(policyOf(), [alice, adam, bob, bobPhone, cathy]);
const fixedUsers = { owner: [alice.userUri], admin: [], regular_user: [bob.userUri] };
const fixedPolicy = policyOf({ membershipStyle: "fixed_membership" }, fixedUsers);
const fixed = roomOf(fixedPolicy, [alice, bob]);

const withBot = policyOf({
  allowedBots: [
    {
      name: eve.userUri,
      description: "",
      homepage: "",
      botRole: "owner",
      canRead: true,
      canWrite: true,
      canTargetMessageInGroup: false,
      perUserContent: false,
    },
  ],
});

const loggedBy = (loggingClient: string) => ({
  ...policyOf().loggingPolicy,
  logging: "optional" as const,
  enabled: true,
  loggingClients: [loggingClient],
});

function change(room: RoomState, actor: Member, policy: RoomPolicy, ...more: readonly ProposalView[]): Decision {
  return changeExtensions(room, actor, extensionsOf(policy), ...more);
}

function changeExtensions(
  room: RoomState,
  actor: Member,
  extensions: readonly ExtensionView[],
  ...more: readonly ProposalView[]
): Decision {
  const sender = by(room, actor);
  const proposals: ProposalView[] = [{ kind: "groupContextExtensions", extensions, sender }, ...more];
  return authorize(room, { kind: "commit", commit: commitOf(room, sender, { proposals }) });
}

function kick(actor: Member, ...removed: readonly Member[]): ProposalView[] {
  return removed.map((one) => ({ kind: "remove", removed: seatOf(state, one), sender: by(state, actor) }));
}

describe("changing the policy (5.11)", () => {
  for (const [title, policy] of [
    ["moderate the room", policyOf({ moderated: true })],
    ["make it members-only, with those inside staying", policyOf({ membershipStyle: "members_only" })],
    ["give the ownership away", policyOf({}, { owner: [bob.userUri] })],
    ["dismiss an admin", policyOf({}, { admin: [] })],
    ["add a second owner", policyOf({}, { owner: [alice.userUri, adam.userUri], admin: [] })],
  ] as const) {
    it(`lets an owner ${title}`, () => assert.deepEqual(change(state, alice, policy), { allowed: true }));
  }

  for (const [title, policy] of [
    ["give voice", policyOf({}, { regular_user: [bob.userUri] })],
    ["list a visitor", policyOf({}, { visitor: [eve.userUri] })],
    ["ban someone outside", policyOf({}, { banned: [eve.userUri] })],
    ["make someone an admin", policyOf({}, { admin: [adam.userUri, bob.userUri] })],
    [
      "write a join link",
      policyOf({ linkPolicy: { ...policyOf().linkPolicy, joinLink: "https://example.com/j", multiuser: true } }),
    ],
  ] as const) {
    it(`lets an admin ${title}`, () => assert.deepEqual(change(state, adam, policy), { allowed: true }));
  }

  it("lets an admin lift a ban, and spell an entry in another way", () => {
    const before = roomOf(policyOf({}, { banned: [eve.userUri] }), [alice, adam]);
    assert.deepEqual(change(before, adam, policyOf()), { allowed: true });
    const spelled = policyOf({}, { owner: ["im:mimi=%40alice@Example.com"], banned: [eve.userUri] });
    assert.deepEqual(change(before, adam, spelled), { allowed: true });
  });

  it("lets an admin ban someone inside and remove all its clients with the same commit", () => {
    const policy = policyOf({}, { banned: [bob.userUri] });
    assert.deepEqual(change(state, adam, policy, ...kick(adam, bob, bobPhone)), { allowed: true });
  });

  for (const [title, rule, actor, policy] of [
    ["a regular user", "5.11/not-a-moderator", bob, policyOf({ moderated: true })],
    ["an admin moderating the room", "5.11/admin-membership-only", adam, policyOf({ moderated: true })],
    ["an admin naming the room", "5.11/admin-membership-only", adam, policyOf({ policyExtensions: [] })],
    ["an admin banning a domain", "5.11/admin-membership-only", adam, banningDomain("other.example")],
    ["an admin banning a domain behind another entry of it", "5.11/admin-membership-only", adam, banningDomainTwice()],
    ["an admin banning a bot that is an owner", "5.11/outranked", adam, { ...withBot, preAuthList: banningBot() }],
    ["an admin dropping the owner", "5.11/outranked", adam, policyOf({}, { owner: [], admin: [adam.userUri] })],
    ["an admin banning the owner", "5.11/outranked", adam, policyOf({}, { owner: [], banned: [alice.userUri] })],
    ["an admin dismissing itself", "5.11/outranked", adam, policyOf({}, { admin: [] })],
    [
      "an admin making itself an owner",
      "5.11/outranked",
      adam,
      policyOf({}, { owner: [alice.userUri, adam.userUri], admin: [] }),
    ],
    ["an admin adding an owner", "5.11/outranked", adam, policyOf({}, { owner: [alice.userUri, bob.userUri] })],
    ["an admin adding a system user", "5.11/outranked", adam, policyOf({}, { system: [hub, "mimi://other.example"] })],
    ["a ban of someone who stays", "5.11/banned-occupant", alice, policyOf({}, { banned: [bob.userUri] })],
    ["a domain's ban with its users inside", "5.11/banned-occupant", alice, banningDomain("example.com")],
    [
      "a room that no owner or admin is left in",
      "5.11/no-moderator-inside",
      alice,
      policyOf({}, { owner: [eve.userUri], admin: [] }),
    ],
    ["an invalid policy", "valid/knock", alice, policyOf({ knockAllowed: true })],
    ["a policy without owner and admin", "valid/no-moderator", alice, policyOf({}, { owner: [], admin: [] })],
    ["a room that becomes fixed", "5.11/fixed-membership", alice, policyOf({ membershipStyle: "fixed_membership" })],
    [
      "a room that becomes a child",
      "5.11/parent-dependent",
      alice,
      policyOf({ membershipStyle: "parent_dependent", parentRoomUri: "mimi://example.com/r/p" }),
    ],
    ["single-device with two devices inside", "5.2/single-device", alice, policyOf({ multiDevice: false })],
  ] as const) {
    it(`refuses ${title}`, () => {
      const room = policy.allowedBots.length > 0 ? roomOf(withBot, [alice, adam]) : state;
      assert.deepEqual(change(room, actor, policy), { allowed: false, rule });
    });
  }

  it("refuses a ban that leaves one of two clients in", () => {
    const policy = policyOf({}, { banned: [bob.userUri] });
    assert.deepEqual(change(state, alice, policy, ...kick(alice, bob)), { allowed: false, rule: "5.7/all-clients" });
  });

  it("keeps a fixed room fixed, with the same users", () => {
    const denied = { allowed: false, rule: "5.11/fixed-membership" };
    assert.deepEqual(change(fixed, alice, { ...fixedPolicy, membershipStyle: "members_only" }), denied);
    assert.deepEqual(change(fixed, alice, { ...fixedPolicy, moderated: true }), { allowed: true });
    const lists = policyOf({}, { ...fixedUsers, visitor: [eve.userUri] }).preAuthList;
    assert.deepEqual(change(fixed, alice, { ...fixedPolicy, preAuthList: lists }), denied);
  });

  it("bans nobody of a fixed room, makes no occupant of it a system user, and brings no logging client in", () => {
    const denied = { allowed: false, rule: "5.11/fixed-membership" };
    const outside = roomOf(fixedPolicy, [alice]);
    for (const roles of [{ banned: [bob.userUri] }, { system: [hub, bob.userUri] }]) {
      const lists = policyOf({}, { ...fixedUsers, regular_user: [], ...roles }).preAuthList;
      assert.deepEqual(change(outside, alice, { ...fixedPolicy, preAuthList: lists }), denied);
    }
    const demoted = policyOf({}, { ...fixedUsers, regular_user: [], visitor: [bob.userUri] }).preAuthList;
    assert.deepEqual(change(fixed, alice, { ...fixedPolicy, preAuthList: demoted }), { allowed: true });
    assert.deepEqual(change(fixed, alice, { ...fixedPolicy, loggingPolicy: loggedBy(eve.clientUri) }), denied);
  });

  it("removes whom the new policy excludes with the same commit: guests, bots, logging clients, system users", () => {
    const guest = client("example.com", "g-Zmh6rfhivXdsj8GLjp-OIAiXFIVu4jOzkCpZHQ1fKSU", "1");
    const [bot] = withBot.allowedBots;
    assert.ok(bot);
    const bots = [{ ...bot, botRole: "visitor" as const }];
    const dropped = "5.11/dropped-occupant";
    for (const [who, before, after, rule] of [
      [guest, policyOf(), policyOf({ pseudonymousIds: false }), "7.3/pseudonym"],
      [eve, policyOf({ allowedBots: bots }), policyOf(), dropped],
      [eve, policyOf({ loggingPolicy: loggedBy(eve.clientUri) }), policyOf(), dropped],
      [eve, policyOf({}, { system: [hub, eve.userUri] }), policyOf(), dropped],
      [
        eve,
        policyOf({ allowedBots: bots }),
        policyOf({ allowedBots: bots.map((one) => ({ ...one, canRead: false })) }),
        "7.4.4/bot-reads",
      ],
      [bobPhone, policyOf(), policyOf({ loggingPolicy: loggedBy(bob.clientUri) }), "7.4.2/other-client"],
    ] as const) {
      const room = roomOf(before, [alice, who, cathy]);
      const sender = by(room, alice);
      const removal = { kind: "remove", removed: seatOf(room, who), sender } as const;
      assert.deepEqual(change(room, alice, after), { allowed: false, rule });
      // an owner removes no system user: that one leaves by itself
      const own = { kind: "selfRemove", removed: seatOf(room, who), sender: by(room, who) } as const;
      const isSystem = roleOf(room, who.userUri) === "system";
      assert.deepEqual(change(room, alice, after, isSystem ? own : removal), { allowed: true });
    }
  });

  it("lets a bot that is struck out stay as the user that the policy lists", () => {
    const room = roomOf(withBot, [alice, eve]);
    assert.deepEqual(change(room, alice, policyOf({}, { visitor: [eve.userUri] })), { allowed: true });
  });

  it("refuses what does not come from a member", () => {
    const sender = { kind: "external", senderIndex: 0 } as const;
    const proposal: ProposalView = { kind: "groupContextExtensions", extensions: extensionsOf(policyOf()), sender };
    assert.deepEqual(authorize(state, { kind: "propose", proposal }), { allowed: false, rule: "5.11/sender" });
  });
});

describe("changing the GroupContext's other extensions (5.11)", () => {
  const extensions = extensionsOf(policyOf());
  const without = (type: number): ExtensionView[] => extensions.filter((extension) => extension.type !== type);
  const added = { type: 0xf123, data: Uint8Array.of(1) };

  it("is an owner's right", () => {
    const senders = extensionsOf(policyOf(), [hub, "mimi://other.example"]);
    assert.deepEqual(changeExtensions(state, alice, senders), { allowed: true });
    assert.deepEqual(changeExtensions(state, alice, [...extensions, added]), { allowed: true });
  });

  it("is no admin's by leaving one out", () => {
    const more = { ...state, extensions: [...extensions, added] };
    assert.deepEqual(changeExtensions(more, adam, extensions), {
      allowed: false,
      rule: "5.11/admin-membership-only",
    });
    assert.deepEqual(changeExtensions(more, alice, extensions), { allowed: true });
  });

  for (const [title, rule, actor, list] of [
    [
      "an admin changing external_senders",
      "5.11/admin-membership-only",
      adam,
      extensionsOf(policyOf(), [hub, "mimi://other.example"]),
    ],
    ["an admin adding an extension", "5.11/admin-membership-only", adam, [...extensions, added]],
    ["dropping room_policy", "5.11/dropped-extension", alice, without(EXTENSION.roomPolicy)],
    ["dropping required_capabilities", "5.11/dropped-extension", alice, without(3)],
    ["dropping external_senders", "5.11/dropped-extension", alice, without(5)],
    ["dropping the hub's system user", "5.11/hub-sender", alice, extensionsOf(policyOf(), ["mimi://other.example"])],
    ["malformed external_senders", "5.11/hub-sender", alice, [...without(5), { type: 5, data: Uint8Array.of(9) }]],
    [
      "requiring less of clients",
      "5.11/required-capabilities",
      alice,
      [...without(3), { type: 3, data: Uint8Array.of(2, 0xf0, 0xa0, 0, 0) }],
    ],
    [
      "malformed required_capabilities",
      "5.11/required-capabilities",
      alice,
      [...without(3), { type: 3, data: Uint8Array.of(9) }],
    ],
    ["an extension that stands twice", "5.11/extension-twice", alice, [...extensions, ...extensions]],
    [
      "a malformed policy",
      "valid/malformed",
      alice,
      [...without(EXTENSION.roomPolicy), { type: EXTENSION.roomPolicy, data: Uint8Array.of(9) }],
    ],
  ] as const) {
    it(`refuses ${title}`, () => {
      assert.deepEqual(changeExtensions(state, actor, list), { allowed: false, rule });
    });
  }
});

/** "other.example" banned, and listed as visitors after that. */
function banningDomainTwice(): RoomPolicy {
  const policy = banningDomain("other.example");
  const [domain] = policy.preAuthList.filter(({ preauthDomain }) => preauthDomain.length > 0);
  assert.ok(domain);
  return { ...policy, preAuthList: [...policy.preAuthList, { ...domain, targetRole: "visitor" }] };
}

function banningBot(): RoomPolicy["preAuthList"] {
  return policyOf({}, { banned: [eve.userUri] }).preAuthList;
}

function banningDomain(domain: string): RoomPolicy {
  const list = {
    targetRole: "banned",
    preauthDomain: [domain],
    preauthWorkgroup: [],
    preauthGroup: [],
    preauthUser: [],
  } as const;
  return policyOf({ preAuthList: [...policyOf().preAuthList, list] });
}
