import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type RoomPolicy, roomPolicy } from "../../src/codec/room-policy.js";
import { encode } from "../../src/codec/tls.js";
import { policyChange, shownPolicyChange } from "../../src/engine/policy-change.js";
import { withStanding } from "../../src/engine/standing.js";
import { lockDown } from "../../src/policy/lockdown.js";
import { bob, eve, policyOf, roomOf } from "../support/policy-room.js";

const link = policyOf().linkPolicy;
const joinLink = "https://example.com/j";

describe("the line about a change of the rules", () => {
  const stored = (from: RoomPolicy, to: RoomPolicy) => {
    const change = policyChange(roomOf(from, []), roomOf(to, []));
    assert.ok(change);
    return change;
  };

  it("keeps little of a policy that is long in what no newcomer is told", () => {
    const long = policyOf({
      policyExtensions: [{ name: "join_links", type: "string", value: new Uint8Array(60_000) }],
      linkPolicy: { ...link, linkRequests: `https://example.com/${"a".repeat(2000)}` },
    });
    const linked = { ...long, linkPolicy: { ...long.linkPolicy, joinLink: `https://example.com/${"a".repeat(2000)}` } };
    const change = stored(long, linked);
    assert.ok(change.before.length + change.after.length < 200, `${change.before.length + change.after.length} octets`);
    assert.deepEqual(shownPolicyChange(change).effects, [
      { kind: "fact", before: undefined, after: { kind: "publicLink" } },
    ]);
  });

  it("is not there for another link in the place of one", () => {
    const linked = policyOf({ linkPolicy: { ...link, joinLink } });
    const other = policyOf({ linkPolicy: { ...link, joinLink: `${joinLink}/2` } });
    assert.equal(policyChange(roomOf(linked, []), roomOf(other, [])), undefined);
  });

  it("tells of a lockdown, of bots and of who logs", () => {
    const bot = { name: bob.userUri, description: "Rolls dice", homepage: joinLink, botRole: "visitor" } as const;
    const rights = { canRead: true, canWrite: true, canTargetMessageInGroup: false, perUserContent: false };
    const logging = { ...policyOf().loggingPolicy, logging: "optional", enabled: true } as const;
    const loggingPolicy = { ...logging, loggingClients: [eve.clientUri], humanReadablePolicy: joinLink };
    const after = lockDown(policyOf({ allowedBots: [{ ...bot, ...rights }], loggingPolicy }));
    const told = shownPolicyChange(stored(policyOf(), after)).effects.map((effect) => effect.after);
    assert.deepEqual(
      told.filter((fact) => fact && ["lockedDown", "bots", "logged"].includes(fact.kind)),
      [
        { kind: "logged", by: [eve.clientUri], policy: joinLink },
        { kind: "lockedDown" },
        { kind: "bots", names: [bob.userUri] },
      ],
    );
  });
});

describe("another place in a policy", () => {
  it("leaves no empty list behind, whoever made it", () => {
    const policy = policyOf({}, { regular_user: [], visitor: [bob.userUri], banned: [] });
    const roles = (after: RoomPolicy) => after.preAuthList.map(({ targetRole }) => targetRole);
    assert.deepEqual(roles(withStanding(policy, bob.userUri, "none")), ["system", "owner", "admin"]);
    assert.deepEqual(roles(withStanding(policy, eve.userUri, "none")), ["system", "owner", "admin", "visitor"]);
    assert.ok(encode(roomPolicy, withStanding(policy, eve.userUri, "none")).length < encode(roomPolicy, policy).length);
  });
});
