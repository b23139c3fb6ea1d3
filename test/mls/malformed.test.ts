import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { concat, utf8 } from "../../src/codec/bytes.js";
import { stageCommit } from "../../src/mls/commit.js";
import { makeGroupInfo } from "../../src/mls/group-info.js";
import { proposeSelfRemove } from "../../src/mls/propose.js";
import { protectMessage } from "../../src/mls/protect.js";
import { stage } from "../../src/mls/stage.js";
import { encodeGroup } from "../../src/mls/stored-group.js";
import { join, makeClient, makeSeats, type Seat, seatAt } from "../support/mls-builders.js";

const kinds: Record<string, (alice: Seat) => Promise<Uint8Array>> = {
  "an application message": async ({ crypto, group }) => (await protectMessage(crypto, group, utf8("hello"))).message,
  "a SelfRemove": ({ crypto, group }) => proposeSelfRemove(crypto, group),
  "a member's commit": async ({ crypto, group }) =>
    (await stageCommit(crypto, group, { proposals: [{ kind: "remove", removed: 2 }], references: [] })).commit,
  "an external commit": async ({ crypto, group }) =>
    (await join(await makeClient("dave"), await makeGroupInfo(crypto, group))).commit,
};

for (const [kind, make] of Object.entries(kinds)) {
  describe(`${kind} that was changed on its way`, () => {
    it("is refused with an MlsError wherever a bit was flipped, and changes nothing", async () => {
      const { alice, bob } = await makeRoom();
      const message = await make(alice);
      const before = encodeGroup(bob.group);
      for (const [index] of message.entries()) {
        const flipped = message.map((octet, position) => (position === index ? octet ^ (1 << (index % 8)) : octet));
        await assert.rejects(stage(bob.crypto, bob.group, flipped, []), { name: "MlsError" }, `octet ${index}`);
      }
      assert.deepEqual(encodeGroup(bob.group), before);
      await stage(bob.crypto, bob.group, message, []);
    });

    it("is malformed when it ends early or late", async () => {
      const { alice, bob } = await makeRoom();
      const message = await make(alice);
      for (let length = 0; length < message.length; length++) {
        const short = stage(bob.crypto, bob.group, message.slice(0, length), []);
        await assert.rejects(short, { name: "MlsError", code: "malformed" }, `cut to ${length}`);
      }
      const long = stage(bob.crypto, bob.group, concat(message, Uint8Array.of(0)), []);
      await assert.rejects(long, { name: "MlsError", code: "malformed" });
      await stage(bob.crypto, bob.group, message, []);
    });
  });
}

async function makeRoom() {
  const seats = await makeSeats(["alice", "bob", "carol"]);
  return { alice: seatAt(seats, 0), bob: seatAt(seats, 1) };
}
