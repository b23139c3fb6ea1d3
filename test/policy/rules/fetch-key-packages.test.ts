import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { FetchKeyPackages } from "../../../src/policy/action.js";
import { authorize } from "../../../src/policy/authorize.js";
import type { Decision } from "../../../src/policy/decision.js";
import { alice, bob, cathy, policyOf, roomOf } from "../../support/policy-room.js";

const room = roomOf(policyOf({}, { banned: [cathy.userUri] }), [alice]);

function fetching(circumstances: Partial<FetchKeyPackages>): Decision {
  return authorize(room, {
    kind: "fetchKeyPackages",
    requester: alice.userUri,
    target: bob.userUri,
    consent: "none",
    providerAllowance: 0,
    ...circumstances,
  });
}

describe("fetching KeyPackages (5.3)", () => {
  for (const [title, circumstances] of [
    ["who fetches its own", { requester: bob.userUri }],
    ["who fetches its own under another spelling of its name", { requester: "im:mimi=%40bob@EXAMPLE.com" }],
    ["who fetches its own after it declined", { requester: bob.userUri, consent: "declined" }],
    ["who has consent for the room", { consent: "room" }],
    ["who has consent for all rooms", { consent: "all" }],
    ["whom the provider allows one more", { providerAllowance: 1 }],
    ["who was given them by the target", { handedOver: true }],
    ["who was given them by a target that declines now", { handedOver: true, consent: "declined" }],
  ] as const) {
    it(`is for ${title}`, () => assert.deepEqual(fetching(circumstances), { allowed: true }));
  }

  for (const [title, circumstances, rule] of [
    ["who has no consent and no allowance left", {}, "5.3/no-consent"],
    [
      "whom the target declined, whatever the provider allows",
      { consent: "declined", providerAllowance: 3 },
      "5.3/declined",
    ],
    ["who is banned, whatever the target said", { requester: cathy.userUri, consent: "all" }, "5.3/banned"],
    ["who is banned, its own neither", { requester: cathy.userUri, target: cathy.userUri }, "5.3/banned"],
  ] as const) {
    it(`is not for ${title}`, () => assert.deepEqual(fetching(circumstances), { allowed: false, rule }));
  }
});
