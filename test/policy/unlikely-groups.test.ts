import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { utf8 } from "../../src/codec/bytes.js";
import type { ProposalView } from "../../src/codec/group-view.js";
import { decode, encode, opaque, struct, uint16, vector } from "../../src/codec/tls.js";
import { authorize } from "../../src/policy/authorize.js";
import { externalSenders } from "../../src/policy/group-extensions.js";
import { roleOf } from "../../src/policy/room-state.js";
import { adam, alice, bob, by, cathy, commitOf, extensionsOf, hub, policyOf, roomOf } from "../support/policy-room.js";

// Groups that no honest member makes, and that everyone must judge alike all the same.
const state = roomOf(policyOf(), [alice, adam, bob]);

describe("a group that no honest member makes", () => {
  it("is not kept where its policy is malformed, whatever the proposals were", () => {
    const commit = commitOf(state, by(state, bob), { proposals: [] });
    const broken = { ...commit, after: { ...commit.after, roomPolicy: Uint8Array.of(9) } };
    const denied = { allowed: false, rule: "valid/malformed" };
    assert.deepEqual(authorize(state, { kind: "commit", commit: broken }), denied);
  });

  it("may be committed to without a path", () => {
    const sender = by(state, bob);
    const commit = commitOf(state, sender, { proposals: [{ kind: "add", added: cathy, sender }] });
    const pathless = { ...commit, committer: undefined };
    assert.deepEqual(authorize(state, { kind: "commit", commit: pathless }), { allowed: true });
  });

  it("gives nobody a role by an entry that is no URI, and lets an admin take that out", () => {
    const odd = roomOf(policyOf({}, { visitor: ["nonsense"] }), [alice, adam]);
    assert.equal(roleOf(odd, "nonsense"), "regular_user");
    const sender = by(odd, adam);
    const proposal: ProposalView = { kind: "groupContextExtensions", sender, extensions: extensionsOf(policyOf()) };
    assert.deepEqual(authorize(odd, { kind: "propose", proposal }), { allowed: true });
  });

  it("gives nobody a bot's place by a name that is no URI", () => {
    const bot = {
      name: "nonsense",
      description: "",
      homepage: "",
      botRole: "owner",
      canRead: false,
      canWrite: false,
      canTargetMessageInGroup: false,
      perUserContent: false,
    } as const;
    const odd = roomOf(policyOf({ allowedBots: [bot] }), [alice, bob]);
    assert.equal(roleOf(odd, bob.userUri), "regular_user");
    assert.deepEqual(authorize(odd, { kind: "sendMessage", user: bob.userUri }), { allowed: true });
    const sender = by(odd, bob);
    const commit = commitOf(odd, sender, { proposals: [{ kind: "add", added: cathy, sender }] });
    assert.deepEqual(authorize(odd, { kind: "commit", commit }), { allowed: true });
  });

  it("knows no external sender by a credential that is not basic, or by a name that is no URI", () => {
    const list = vector(struct({ signatureKey: opaque, credentialType: uint16, identity: opaque }));
    const sender = (credentialType: number, identity: string) => ({
      signatureKey: new Uint8Array(),
      credentialType,
      identity: utf8(identity),
    });
    const data = encode(list, [sender(2, hub), sender(1, "nonsense"), sender(1, hub)]);
    assert.equal(decode(list, data).length, 3);
    assert.deepEqual(externalSenders([{ type: 5, data }]), [undefined, undefined, hub]);
  });
});
