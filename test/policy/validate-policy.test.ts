import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { utf8 } from "../../src/codec/bytes.js";
import { roomNameExtension } from "../../src/codec/room-policy.js";
import { presets } from "../../src/policy/presets.js";
import { validatePolicy } from "../../src/policy/validate-policy.js";
import { adam, alice, bob, eve, hub, policyOf } from "../support/policy-room.js";

const base = policyOf();
const logging = base.loggingPolicy;
const history = base.historySharing;
const logged = { ...logging, logging: "optional", enabled: true } as const;
const link = base.linkPolicy;
const linkRequests = "https://im.example.com/link-me?room=#d_Nv1ZCPWArKtN0vhC_Wqw@example.com";
const list = {
  targetRole: "regular_user",
  preauthDomain: [],
  preauthWorkgroup: [],
  preauthGroup: [],
  preauthUser: [],
} as const;
const bot = {
  name: bob.userUri,
  description: "Rolls dice",
  homepage: "",
  botRole: "visitor",
  canRead: true,
  canWrite: true,
  canTargetMessageInGroup: false,
  perUserContent: false,
} as const;
const members = policyOf({ membershipStyle: "members_only" });
const fixed = policyOf({ membershipStyle: "fixed_membership" });

/** A URI of 2,049 octets. */
function long(start: string): string {
  return start.padEnd(2049, "a");
}

/** The examples of section 9 of the framework draft, URIs in the seed's form. */
const examples = {
  "9.1 one-on-one chat": policyOf(
    { membershipStyle: "fixed_membership", persistentRoom: true },
    {
      system: ["im:mimi=providerA.example", "im:mimi=providerB.example"],
      owner: ["im:mimi=%40alice@providerA.example"],
      admin: [],
      regular_user: ["im:mimi=%40bobby@providerB.example"],
    },
  ),
  "9.3 open room": policyOf({}, { owner: [], admin: ["im:mimi=%40alice@providerA.example"] }),
  "9.4 semi-open room": {
    ...members,
    knockAllowed: true,
    preAuthList: [
      { ...list, targetRole: "admin" as const, preauthWorkgroup: ["im:mimi=#engineering@example.com"] },
      {
        ...list,
        preauthDomain: ["im:mimi=example.net"],
        preauthWorkgroup: ["im:mimi=#sales@example.com", "im:mimi=#companyX@provider.example"],
      },
    ],
    linkPolicy: {
      onRequest: false,
      joinLink: "im:mimi=#d_Nv1ZCPWArKtN0vhC_Wqw?join;code=k5KUJgAZuDesTsMVxRP@example.com",
      multiuser: true,
      expiration: 1699207200,
      linkRequests,
    },
  },
  "9.6 mandatory logging": {
    ...members,
    loggingPolicy: {
      ...logging,
      logging: "required" as const,
      enabled: true,
      loggingClients: ["im:mimi=%40logging/#Y9agWMglTlaP8F251hmgVQ@medicalProviderC.example"],
      machineReadablePolicy: "https://medicalProviderC.example/P3P/im_policy.xml",
    },
  },
};

describe("validatePolicy", () => {
  for (const [title, policy] of [
    ["the event preset", presets.event({ name: "Keynote", owner: alice.userUri, hub })],
    ["the announcement preset", presets.announcement({ name: "Keynote", owner: alice.userUri, hub })],
    ...Object.entries(examples),
    ["a members-only room with knocks", { ...members, knockAllowed: true }],
    ["a child room", policyOf({ membershipStyle: "parent_dependent", parentRoomUri: "mimi://example.com/r/p" })],
    ["optional logging without a client", policyOf({ loggingPolicy: { ...logging, logging: "optional" } })],
    ["a bot", policyOf({ allowedBots: [bot] })],
    ["a bot listed under its own role", policyOf({ allowedBots: [bot] }, { visitor: [bob.userUri] })],
    ["a bot that is banned", policyOf({ allowedBots: [bot] }, { banned: [bob.userUri] })],
    [
      "links on request, with an address to ask at",
      policyOf({ linkPolicy: { ...link, onRequest: true, linkRequests } }),
    ],
    [
      "two providers that log",
      policyOf({ loggingPolicy: { ...logged, loggingClients: [bob.clientUri, eve.clientUri] } }),
    ],
    ["a room without a name", policyOf({ policyExtensions: [] })],
    ["a link of 2,048 octets", policyOf({ linkPolicy: { ...link, joinLink: long("https://example.com/").slice(1) } })],
    ["a role whose list is empty", policyOf({ preAuthList: [...base.preAuthList, list] })],
    ["a user listed twice under one role", policyOf({}, { admin: [adam.userUri, adam.userUri] })],
  ] as const) {
    it(`takes ${title}`, () => assert.deepEqual(validatePolicy(policy), { allowed: true }));
  }

  for (const [rule, title, policy] of [
    ["valid/knock", "knocks in an open room", policyOf({ knockAllowed: true })],
    ["valid/parent", "a parent without need", policyOf({ parentRoomUri: "mimi://example.com/r/p" })],
    ["valid/parent", "a child without parent", policyOf({ membershipStyle: "parent_dependent" })],
    ["valid/parent", "a parent that is no room", policyOf({ membershipStyle: "parent_dependent", parentRoomUri: hub })],
    ["valid/entry", "a user that is no URI", policyOf({}, { visitor: ["bob"] })],
    ["valid/entry", "a provider as a user", policyOf({}, { visitor: [hub] })],
    [
      "valid/entry",
      "a domain that is none",
      policyOf({ preAuthList: [...base.preAuthList, { ...list, preauthDomain: ["exämple"] }] }),
    ],
    [
      "valid/list-twice",
      "a role with two lists",
      policyOf({ preAuthList: [...base.preAuthList, { ...list, preauthUser: [bob.userUri] }, list] }),
    ],
    [
      "valid/entry",
      "a group that is no URI",
      policyOf({ preAuthList: [...base.preAuthList, { ...list, preauthGroup: ["x"] }] }),
    ],
    [
      "valid/entry",
      "a group that is a user",
      policyOf({ preAuthList: [...base.preAuthList, { ...list, preauthGroup: [bob.userUri] }] }),
    ],
    [
      "valid/entry",
      "a user as a domain",
      policyOf({ preAuthList: [...base.preAuthList, { ...list, targetRole: "banned", preauthDomain: [bob.userUri] }] }),
    ],
    ["valid/two-roles", "a bot under another role", policyOf({ allowedBots: [bot] }, { admin: [bob.userUri] })],
    [
      "valid/bot",
      "a bot in two spellings",
      policyOf({ allowedBots: [bot, { ...bot, name: "im:mimi=%40bob@Example.com" }] }),
    ],
    [
      "valid/link-on-request",
      "a link where links are given on request",
      policyOf({ linkPolicy: { ...link, onRequest: true, joinLink: "https://example.com/j" } }),
    ],
    ...(
      [
        ["a join link", policyOf({ linkPolicy: { ...link, joinLink: long("https://example.com/") } })],
        ["a listed user", policyOf({}, { visitor: [long("mimi://example.com/u/")] })],
        [
          "a logging client",
          policyOf({ loggingPolicy: { ...logged, loggingClients: [long("mimi://example.com/d/b/")] } }),
        ],
        ["a bot", policyOf({ allowedBots: [{ ...bot, name: long("mimi://example.com/u/") }] })],
        ["a parent", policyOf({ membershipStyle: "parent_dependent", parentRoomUri: long("mimi://example.com/r/") })],
        [
          "a group",
          policyOf({ preAuthList: [...base.preAuthList, { ...list, preauthGroup: [long("mimi://example.com/r/")] }] }),
        ],
      ] as const
    ).map(([what, policy]) => ["valid/uri", `${what} of 2,049 octets`, policy] as const),
    ["valid/uri", "a join link that is none", policyOf({ linkPolicy: { ...link, joinLink: "join me" } })],
    [
      "valid/uri",
      "a request for links without a scheme",
      policyOf({ linkPolicy: { ...link, linkRequests: "//example.com" } }),
    ],
    [
      "valid/uri",
      "a logging policy with a Kelvin sign",
      policyOf({
        loggingPolicy: {
          ...logged,
          loggingClients: [bob.clientUri],
          humanReadablePolicy: "https://example.com/\u212a",
        },
      }),
    ],
    [
      "valid/uri",
      "a machine-readable policy that is not ASCII",
      policyOf({
        loggingPolicy: { ...logged, loggingClients: [bob.clientUri], machineReadablePolicy: "https://exämple.com" },
      }),
    ],
    ["valid/uri", "a bot's homepage of a scheme alone", policyOf({ allowedBots: [{ ...bot, homepage: "https:" }] })],
    [
      "valid/logging-provider",
      "two logging clients of one provider",
      policyOf({ loggingPolicy: { ...logged, loggingClients: [bob.clientUri, "im:mimi=%40log@Example.com"] } }),
    ],
    [
      "valid/history-forbidden",
      "forbidden history that is shared by itself",
      policyOf({ historySharing: { ...history, automaticallyShare: true } }),
    ],
    [
      "valid/logging-forbidden",
      "forbidden logging with a policy",
      policyOf({ loggingPolicy: { ...logging, humanReadablePolicy: "https://example.com/log" } }),
    ],
    ["valid/two-roles", "a user under two roles", policyOf({}, { visitor: [adam.userUri] })],
    ["valid/two-roles", "the same in two spellings", policyOf({}, { visitor: ["im:mimi=%40adam@Example.com"] })],
    ["valid/no-moderator", "neither owner nor admin", policyOf({}, { owner: [], admin: [] })],
    [
      "valid/fixed-users",
      "a domain in a fixed room",
      { ...fixed, preAuthList: [...fixed.preAuthList, { ...list, preauthDomain: ["example.com"] }] },
    ],
    [
      "valid/logging-required",
      "required logging without a client",
      policyOf({ loggingPolicy: { ...logging, logging: "required", enabled: true } }),
    ],
    [
      "valid/logging-forbidden",
      "forbidden logging with a client",
      policyOf({ loggingPolicy: { ...logging, loggingClients: [bob.clientUri] } }),
    ],
    [
      "valid/logging-client",
      "a logging client that is none",
      policyOf({ loggingPolicy: { ...logging, logging: "optional", enabled: true, loggingClients: [hub] } }),
    ],
    [
      "valid/logging-enabled",
      "active logging that says it is not",
      policyOf({ loggingPolicy: { ...logging, logging: "optional", loggingClients: [bob.clientUri] } }),
    ],
    [
      "valid/logging-enabled",
      "forbidden logging that says it is active",
      policyOf({ loggingPolicy: { ...logging, enabled: true } }),
    ],
    [
      "valid/history-forbidden",
      "forbidden history with sharers",
      policyOf({ historySharing: { ...history, whoCanShare: ["owner"] } }),
    ],
    [
      "valid/history-forbidden",
      "forbidden history of a day",
      policyOf({ historySharing: { ...history, maxTimePeriod: 86400 } }),
    ],
    [
      "valid/history-sharers",
      "history shared by the banned",
      policyOf({ historySharing: { ...history, historySharing: "optional", whoCanShare: ["banned"] } }),
    ],
    ["valid/bot", "a bot that is no user", policyOf({ allowedBots: [{ ...bot, name: "dice" }] })],
    ["valid/bot", "a banned bot", policyOf({ allowedBots: [{ ...bot, botRole: "banned" }] })],
    [
      "valid/extension-twice",
      "an extension twice",
      policyOf({ policyExtensions: [...base.policyExtensions, ...base.policyExtensions] }),
    ],
    ["valid/room-name", "an empty name", policyOf({ policyExtensions: [roomNameExtension(" ")] })],
    [
      "valid/room-name",
      "a name of 201 characters",
      policyOf({ policyExtensions: [roomNameExtension("x".repeat(201))] }),
    ],
    [
      "valid/room-name",
      "a name that is no string",
      policyOf({ policyExtensions: [{ name: "room_name", type: "number", value: utf8("1") }] }),
    ],
    [
      "valid/room-name",
      "a name that is not UTF-8",
      policyOf({ policyExtensions: [{ name: "room_name", type: "string", value: Uint8Array.of(255) }] }),
    ],
  ] as const) {
    it(`refuses ${title}`, () => assert.deepEqual(validatePolicy(policy), { allowed: false, rule }));
  }
});
