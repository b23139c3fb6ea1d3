import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { authorize } from "../../../src/policy/authorize.js";
import { adam, alice, bob, cathy, hub, policyOf, roomOf } from "../../support/policy-room.js";

const inside = [alice, adam, bob];
const moderated = policyOf({ moderated: true }, { regular_user: [cathy.userUri] });
const bot = {
  name: bob.userUri,
  description: "",
  homepage: "",
  botRole: "regular_user",
  canRead: true,
  canWrite: true,
  canTargetMessageInGroup: false,
  perUserContent: false,
} as const;
const logged = policyOf({
  loggingPolicy: { ...policyOf().loggingPolicy, logging: "optional", enabled: true, loggingClients: [bob.clientUri] },
});

describe("sending a message (5.10)", () => {
  for (const [title, state, user] of [
    ["any occupant of an unmoderated room", roomOf(policyOf(), inside), bob],
    ["a visitor of an unmoderated room", roomOf(policyOf({}, { visitor: [bob.userUri] }), inside), bob],
    ["an owner of a moderated room", roomOf(moderated, inside), alice],
    ["an admin of a moderated room", roomOf(moderated, inside), adam],
    ["a user who was given voice", roomOf(moderated, [...inside, cathy]), cathy],
    ["a bot that can write", roomOf(policyOf({ moderated: true, allowedBots: [bot] }), inside), bob],
  ] as const) {
    it(`lets ${title}`, () => {
      assert.deepEqual(authorize(state, { kind: "sendMessage", user: user.userUri }), { allowed: true });
    });
  }

  for (const [title, rule, state, user] of [
    [
      "a banned user, first of all",
      "5.10/banned",
      roomOf(policyOf({}, { banned: [bob.userUri] }), inside),
      bob.userUri,
    ],
    ["someone outside", "5.10/not-an-occupant", roomOf(policyOf(), inside), cathy.userUri],
    ["the hub", "5.10/not-an-occupant", roomOf(policyOf(), inside), hub],
    ["a newcomer to a moderated room", "5.10/no-voice", roomOf(moderated, inside), bob.userUri],
    ["a logging client", "5.10/no-voice", roomOf(logged, inside), bob.userUri],
    [
      "a bot that cannot write",
      "5.10/no-voice",
      roomOf(policyOf({ allowedBots: [{ ...bot, canWrite: false }] }), inside),
      bob.userUri,
    ],
  ] as const) {
    it(`refuses ${title}`, () => {
      assert.deepEqual(authorize(state, { kind: "sendMessage", user }), { allowed: false, rule });
    });
  }
});
