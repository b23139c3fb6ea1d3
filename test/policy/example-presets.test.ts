import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Member } from "../../src/codec/group-view.js";
import { type RoomPolicy, roomPolicy } from "../../src/codec/room-policy.js";
import { decode, encode } from "../../src/codec/tls.js";
import { authorize } from "../../src/policy/authorize.js";
import type { Decision } from "../../src/policy/decision.js";
import { examplePresets } from "../../src/policy/example-presets.js";
import { validatePolicy } from "../../src/policy/validate-policy.js";
import { client, roomOf } from "../support/policy-room.js";

const alice = client("providera.example", "alice", "1");
const bobby = client("providerb.example", "bobby", "1");
const adam = client("providera.example", "adam", "1");
const cathy = client("medicalproviderc.example", "cathy", "1");
const zoe = client("elsewhere.example", "zoe", "1");

// as the draft writes them
const ALICE = "im:mimi=%40alice@providerA.example";
const BOBBY = "im:mimi=%40bobby@providerB.example";
const ADAM = "im:mimi=%40adam@providerA.example";
const CATHY = "im:mimi=%40cathy@medicalProviderC.example";

const oneOnOne = examplePresets.oneOnOne({
  owner: ALICE,
  other: BOBBY,
  providers: ["im:mimi=providerA.example", "im:mimi=providerB.example"],
});
const administrated = examplePresets.administrated({ owner: ALICE });
const open = examplePresets.open({ admin: ALICE });
const semiOpen = examplePresets.semiOpen({
  adminWorkgroups: ["im:mimi=#engineering@example.com"],
  domains: ["example.net"],
  workgroups: ["im:mimi=#sales@example.com", "im:mimi=#companyX@provider.example"],
  joinLink: "im:mimi=#d_Nv1ZCPWArKtN0vhC_Wqw?join;code=k5KUJgAZuDesTsMVxRP@example.com",
  expiration: 1699207200,
  linkRequests: "https://im.example.com/link-me?room=#d_Nv1ZCPWArKtN0vhC_Wqw@example.com",
});
const moderated = examplePresets.moderated({ owner: ALICE, admin: ADAM });
const logged = examplePresets.logged({
  owner: ALICE,
  admin: CATHY,
  loggingClients: ["im:mimi=%40logging/#Y9agWMglTlaP8F251hmgVQ@medicalProviderC.example"],
  machineReadablePolicy: "https://medicalProviderC.example/P3P/im_policy.xml",
  humanReadablePolicy: "https://medicalProviderC.example/legal/IM+logging.html",
});
const parentDependent = examplePresets.parentDependent({ owner: ALICE, parent: "im:mimi=#parent@example.com" });

/** Every value that a policy says, by its path in the spelling of the draft; what is empty says nothing. */
function said(value: unknown, path = ""): Record<string, unknown> {
  if (Array.isArray(value)) {
    return Object.assign({}, ...value.map((item, index) => said(item, `${path}[${index}]`)));
  }
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).map(([name, field]) => {
      const spelt = name.replace(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`);
      return said(field, path === "" ? spelt : `${path}.${spelt}`);
    });
    return Object.assign({}, ...fields);
  }
  return value === "" || value === false || value === 0 ? {} : { [path]: value };
}

/** What every room says that the draft's text does not mention. */
const DEFAULTS = {
  multi_device: true,
  delivery_notifications: "optional",
  read_receipts: "optional",
  "history_sharing.history_sharing": "forbidden",
};
const unlogged = { ...DEFAULTS, "logging_policy.logging": "forbidden" };

function creates(policy: RoomPolicy, creator: Member): Decision {
  return authorize(roomOf(policy, [creator]), { kind: "createRoom", user: creator.userUri, policy });
}

const allowed = { allowed: true };
const denied = (rule: string) => ({ allowed: false, rule });

describe("the examples of section 9", () => {
  for (const [title, policy, wanted] of [
    [
      "9.1, one-on-one chat",
      oneOnOne,
      {
        ...unlogged,
        membership_style: "fixed_membership",
        persistent_room: true,
        "pre_auth_list[0].target_role": "system",
        "pre_auth_list[0].preauth_user[0]": "im:mimi=providerA.example",
        "pre_auth_list[0].preauth_user[1]": "im:mimi=providerB.example",
        "pre_auth_list[1].target_role": "owner",
        "pre_auth_list[1].preauth_user[0]": "im:mimi=%40alice@providerA.example",
        "pre_auth_list[2].target_role": "regular_user",
        "pre_auth_list[2].preauth_user[0]": "im:mimi=%40bobby@providerB.example",
      },
    ],
    [
      "9.2, administrated room",
      administrated,
      {
        ...unlogged,
        membership_style: "members_only",
        "pre_auth_list[0].target_role": "owner",
        "pre_auth_list[0].preauth_user[0]": "im:mimi=%40alice@providerA.example",
      },
    ],
    [
      "9.3, open room",
      open,
      {
        ...unlogged,
        membership_style: "open",
        "pre_auth_list[0].target_role": "admin",
        "pre_auth_list[0].preauth_user[0]": "im:mimi=%40alice@providerA.example",
      },
    ],
    [
      "9.4, semi-open room",
      semiOpen,
      {
        ...unlogged,
        membership_style: "members_only",
        persistent_room: true,
        knock_allowed: true,
        "pre_auth_list[0].target_role": "admin",
        "pre_auth_list[0].preauth_workgroup[0]": "im:mimi=#engineering@example.com",
        "pre_auth_list[1].target_role": "regular_user",
        "pre_auth_list[1].preauth_domain[0]": "example.net",
        "pre_auth_list[1].preauth_workgroup[0]": "im:mimi=#sales@example.com",
        "pre_auth_list[1].preauth_workgroup[1]": "im:mimi=#companyX@provider.example",
        "link_policy.join_link": "im:mimi=#d_Nv1ZCPWArKtN0vhC_Wqw?join;code=k5KUJgAZuDesTsMVxRP@example.com",
        "link_policy.multiuser": true,
        "link_policy.expiration": Date.UTC(2023, 10, 5, 18) / 1000,
        "link_policy.link_requests": "https://im.example.com/link-me?room=#d_Nv1ZCPWArKtN0vhC_Wqw@example.com",
      },
    ],
    [
      "9.5, moderated room",
      moderated,
      {
        ...unlogged,
        membership_style: "members_only",
        moderated: true,
        "pre_auth_list[0].target_role": "owner",
        "pre_auth_list[0].preauth_user[0]": "im:mimi=%40alice@providerA.example",
        "pre_auth_list[1].target_role": "admin",
        "pre_auth_list[1].preauth_user[0]": "im:mimi=%40adam@providerA.example",
      },
    ],
    [
      "9.6, room with mandatory logging",
      logged,
      {
        ...DEFAULTS,
        membership_style: "members_only",
        "pre_auth_list[0].target_role": "owner",
        "pre_auth_list[0].preauth_user[0]": "im:mimi=%40alice@providerA.example",
        "pre_auth_list[1].target_role": "admin",
        "pre_auth_list[1].preauth_user[0]": "im:mimi=%40cathy@medicalProviderC.example",
        "logging_policy.logging": "required",
        "logging_policy.enabled": true,
        "logging_policy.logging_clients[0]": "im:mimi=%40logging/#Y9agWMglTlaP8F251hmgVQ@medicalProviderC.example",
        "logging_policy.machine_readable_policy": "https://medicalProviderC.example/P3P/im_policy.xml",
        "logging_policy.human_readable_policy": "https://medicalProviderC.example/legal/IM+logging.html",
      },
    ],
    [
      "and a parent-dependent room of section 4",
      parentDependent,
      {
        ...unlogged,
        membership_style: "parent_dependent",
        parent_room_uri: "im:mimi=#parent@example.com",
        "pre_auth_list[0].target_role": "owner",
        "pre_auth_list[0].preauth_user[0]": "im:mimi=%40alice@providerA.example",
      },
    ],
  ] as const) {
    it(`say what the draft says, are valid, and survive the wire: ${title}`, () => {
      assert.deepEqual(said(policy), wanted);
      assert.deepEqual(validatePolicy(policy), allowed);
      const octets = encode(roomPolicy, policy);
      assert.deepEqual(decode(roomPolicy, octets), policy);
      assert.deepEqual(encode(roomPolicy, decode(roomPolicy, octets)), octets);
    });
  }
});

describe("a room by an example", () => {
  it("is made by its owner or admin", () => {
    for (const policy of [oneOnOne, administrated, open, moderated, logged]) {
      assert.deepEqual(creates(policy, alice), allowed);
      assert.deepEqual(creates(policy, zoe), denied("5.1/not-a-moderator"));
    }
  });

  it("is not made yet where only a workgroup may, or where it has a parent", () => {
    assert.deepEqual(creates(semiOpen, alice), denied("5.1/not-a-moderator"));
    assert.deepEqual(creates(parentDependent, alice), denied("5.1/parent-dependent"));
  });

  it("is a chat of two, which nobody else comes into (9.1)", () => {
    const room = roomOf(oneOnOne, [alice]);
    assert.deepEqual(authorize(room, { kind: "fetchGroupInfo", user: bobby.userUri }), allowed);
    assert.deepEqual(authorize(room, { kind: "fetchGroupInfo", user: zoe.userUri }), denied("5.5/fixed-membership"));
  });

  it("is for whom its owner adds (9.2), or for everybody (9.3)", () => {
    const entering = { kind: "fetchGroupInfo", user: zoe.userUri } as const;
    assert.deepEqual(authorize(roomOf(administrated, [alice]), entering), denied("5.5/not-admitted"));
    assert.deepEqual(authorize(roomOf(open, [alice]), entering), allowed);
  });

  it("gives who joins no voice where it is moderated (9.5)", () => {
    const room = roomOf(moderated, [alice, adam, bobby]);
    const speaks = ({ userUri }: Member): Decision => authorize(room, { kind: "sendMessage", user: userUri });
    assert.deepEqual(speaks(bobby), denied("5.10/no-voice"));
    assert.deepEqual(speaks(adam), allowed);
  });

  it("has a logging client that comes in by itself and has no voice (9.6)", () => {
    const logger = client("medicalproviderc.example", "logging", "Y9agWMglTlaP8F251hmgVQ");
    const room = roomOf(logged, [alice, cathy, logger]);
    assert.deepEqual(authorize(room, { kind: "fetchGroupInfo", user: logger.userUri }), allowed);
    assert.deepEqual(authorize(room, { kind: "sendMessage", user: logger.userUri }), denied("5.10/no-voice"));
  });
});
