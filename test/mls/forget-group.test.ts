import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toHex, utf8 } from "../../src/codec/bytes.js";
import { stageCommit } from "../../src/mls/commit.js";
import { forgetGroup } from "../../src/mls/forget-group.js";
import type { Group } from "../../src/mls/group.js";
import { proposeUpdate } from "../../src/mls/propose.js";
import { protectMessage } from "../../src/mls/protect.js";
import { stage } from "../../src/mls/stage.js";
import { encodeGroup } from "../../src/mls/stored-group.js";
import { makeSeats, seatAt } from "../support/mls-builders.js";

const nothing = { proposals: [], references: [] };

/** Every octet string of a value, however deep. */
function octetStrings(value: unknown): Uint8Array[] {
  if (value instanceof Uint8Array) return [value];
  if (value instanceof Map) return [...value.values()].flatMap(octetStrings);
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(octetStrings) : [];
}

/** Whatever a group has beside what every member and the hub may know, found without knowing what it is made of. */
function secretsOf(group: Group): Uint8Array[] {
  const { context, nodes, confirmationTag, groupId, reInit, updateKeys, former, ...own } = group;
  const kept = former.map(({ senderDataSecret, secretTree }) => [senderDataSecret, secretTree]);
  return octetStrings([own, updateKeys.map(({ privateKey }) => privateKey), kept]);
}

function isForgotten(secret: Uint8Array): boolean {
  return secret.every((octet) => octet === 0);
}

describe("forgetting a group", () => {
  it("leaves nothing of an epoch but what the next one has too, and the next one whole", async () => {
    const seats = await makeSeats(["alice", "bob", "carol", "dave"]);
    const [alice, bob] = [seatAt(seats, 0), seatAt(seats, 1)];
    // a ratchet with skipped keys, and an Update that was proposed
    let group = (await proposeUpdate(bob.crypto, bob.group)).next;
    let talker = alice.group;
    for (const text of ["lost", "lost too", "heard"]) {
      const said = await protectMessage(alice.crypto, talker, utf8(text));
      talker = said.next;
      if (text !== "heard") continue;
      const heard = await stage(bob.crypto, group, said.message, []);
      assert.ok(heard.kind === "application");
      group = heard.next;
    }
    const { commit } = await stageCommit(alice.crypto, talker, nothing);
    const staged = await stage(bob.crypto, group, commit, []);
    assert.ok(staged.kind === "commit" && staged.next);
    const [before, after] = [secretsOf(group), encodeGroup(staged.next)];
    const shared = new Set(secretsOf(staged.next));
    forgetGroup(group, staged.next);
    assert.deepEqual(encodeGroup(staged.next), after);
    assert.ok(before.length > 20 && before.some((secret) => shared.has(secret)));
    for (const secret of before) assert.equal(isForgotten(secret), !shared.has(secret));
    // the one secret of a former epoch that stays is its resumption PSK
    assert.ok(!isForgotten(group.keys.resumptionPsk));
    const { message } = await protectMessage(bob.crypto, staged.next, utf8("still there"));
    assert.ok(message.length > 0);
  });

  it("leaves no key of a message that was read, and those that are still to come", async () => {
    const seats = await makeSeats(["alice", "bob"]);
    const [alice, bob] = [seatAt(seats, 0), seatAt(seats, 1)];
    const first = await protectMessage(alice.crypto, alice.group, utf8("first"));
    const second = await protectMessage(alice.crypto, first.next, utf8("second"));
    const late = await stage(bob.crypto, bob.group, second.message, []);
    assert.ok(late.kind === "application");
    forgetGroup(bob.group, late.next);
    const early = await stage(bob.crypto, late.next, first.message, []);
    assert.ok(early.kind === "application");
    assert.equal(toHex(early.content), toHex(utf8("first")));
    const skipped = late.next.secretTree.ratchets.flatMap((ratchet) => ratchet.skipped);
    assert.equal(skipped.length, 1);
    forgetGroup(late.next, early.next);
    for (const { key, nonce } of skipped) assert.ok(isForgotten(key) && isForgotten(nonce));
  });

  it("of a state that was made and dropped leaves the state before it as it was", async () => {
    const seats = await makeSeats(["alice", "bob"]);
    const [alice, bob] = [seatAt(seats, 0), seatAt(seats, 1)];
    const { commit } = await stageCommit(alice.crypto, alice.group, nothing);
    const before = encodeGroup(bob.group);
    const staged = await stage(bob.crypto, bob.group, commit, []);
    assert.ok(staged.kind === "commit" && staged.next);
    forgetGroup(staged.next, bob.group);
    assert.deepEqual(encodeGroup(bob.group), before);
    assert.ok(isForgotten(staged.next.keys.initSecret));
    const again = await stage(bob.crypto, bob.group, commit, []);
    assert.ok(again.kind === "commit" && again.next);
  });
});
