import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { describePolicy } from "../../src/policy/describe-policy.js";
import { lockDown } from "../../src/policy/lockdown.js";
import { presets } from "../../src/policy/presets.js";
import { alice, bob, hub, policyOf } from "../support/policy-room.js";

const kinds = (policy: Parameters<typeof describePolicy>[0]): string[] =>
  describePolicy(policy).map(({ kind }) => kind);

describe("describePolicy", () => {
  it("says what an event room is, most important first", () => {
    assert.deepEqual(kinds(presets.event({ name: "Keynote", owner: alice.userUri, hub })), [
      "endToEndEncrypted",
      "notLogged",
      "anyoneMayJoin",
      "noHistoryForNewcomers",
      "pseudonyms",
      "persistent",
    ]);
  });

  it("says that an announcement room is moderated", () => {
    assert.ok(kinds(presets.announcement({ name: "Keynote", owner: alice.userUri, hub })).includes("moderated"));
  });

  it("says what is demanded of who comes in", () => {
    const policy = policyOf({
      multiDevice: false,
      passwordProtected: true,
      deliveryNotifications: "required",
      readReceipts: "required",
      discoverable: true,
      linkPolicy: { ...policyOf().linkPolicy, joinLink: "https://example.com/j" },
    });
    assert.deepEqual(kinds(policy), [
      "endToEndEncrypted",
      "notLogged",
      "anyoneMayJoin",
      "password",
      "publicLink",
      "noHistoryForNewcomers",
      "deliveryNotificationsRequired",
      "readReceiptsRequired",
      "pseudonyms",
      "singleDevice",
      "discoverable",
      "persistent",
    ]);
  });

  for (const [membershipStyle, fact] of [
    ["open", { kind: "anyoneMayJoin" }],
    ["members_only", { kind: "membersOnly" }],
    ["fixed_membership", { kind: "fixedMembership" }],
    ["parent_dependent", { kind: "partOfAnotherRoom", room: "mimi://example.com/r/parent" }],
  ] as const) {
    it(`says who may come into a room that is ${membershipStyle}`, () => {
      const parentRoomUri = membershipStyle === "parent_dependent" ? "mimi://example.com/r/parent" : "";
      assert.deepEqual(describePolicy(policyOf({ membershipStyle, parentRoomUri }))[2], fact);
    });
  }

  it("says that a room is locked down before it says who may come in", () => {
    assert.deepEqual(kinds(lockDown(policyOf())).slice(1, 4), ["notLogged", "lockedDown", "membersOnly"]);
  });

  it("says who logs and where that is explained, how far history goes, which bots there are, and who may knock", () => {
    const policy = policyOf({
      membershipStyle: "members_only",
      knockAllowed: true,
      pseudonymousIds: false,
      persistentRoom: false,
      loggingPolicy: {
        logging: "required",
        enabled: true,
        loggingClients: [bob.clientUri],
        machineReadablePolicy: "",
        humanReadablePolicy: "https://example.com/logging",
      },
      historySharing: {
        historySharing: "optional",
        whoCanShare: ["owner"],
        automaticallyShare: true,
        maxTimePeriod: 60,
      },
      allowedBots: [
        {
          name: bob.userUri,
          description: "",
          homepage: "",
          botRole: "visitor",
          canRead: true,
          canWrite: false,
          canTargetMessageInGroup: false,
          perUserContent: false,
        },
      ],
    });
    assert.deepEqual(describePolicy(policy), [
      { kind: "endToEndEncrypted" },
      { kind: "logged", by: [bob.clientUri], policy: "https://example.com/logging" },
      { kind: "membersOnly" },
      { kind: "knockToJoin" },
      { kind: "historyShared", seconds: 60 },
      { kind: "bots", names: [bob.userUri] },
    ]);
  });
});
