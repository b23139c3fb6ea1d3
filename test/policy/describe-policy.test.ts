import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { describePolicy } from "../../src/policy/describe-policy.js";
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
