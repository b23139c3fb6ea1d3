import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { roomName, roomPolicy } from "../../src/codec/room-policy.js";
import { decode, encode } from "../../src/codec/tls.js";
import { authorize } from "../../src/policy/authorize.js";
import { presets } from "../../src/policy/presets.js";
import { roleOf } from "../../src/policy/room-state.js";
import { alice, bob, hub, roomOf } from "../support/policy-room.js";

const input = { name: "Keynote", owner: alice.userUri, hub };

for (const [name, preset] of Object.entries(presets)) {
  describe(`the ${name} preset`, () => {
    const policy = preset(input);

    it("is a policy that its owner may make a room with", () => {
      const decision = authorize(roomOf(policy, [alice]), { kind: "createRoom", user: alice.userUri, policy });
      assert.deepEqual(decision, { allowed: true });
    });

    it("survives the wire, its name included", () => {
      assert.equal(roomName(decode(roomPolicy, encode(roomPolicy, policy))), "Keynote");
    });

    it("lets a stranger in", () => {
      const decision = authorize(roomOf(policy, [alice]), { kind: "fetchGroupInfo", user: bob.userUri });
      assert.deepEqual(decision, { allowed: true });
    });
  });
}

describe("voice", () => {
  it("comes with joining an event, and is given by a moderator in an announcement room", () => {
    assert.equal(roleOf(roomOf(presets.event(input), [alice, bob]), bob.userUri), "regular_user");
    assert.equal(roleOf(roomOf(presets.announcement(input), [alice, bob]), bob.userUri), "visitor");
  });
});
