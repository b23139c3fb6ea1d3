import assert from "node:assert/strict";
import { it } from "node:test";
import { forgetGroup } from "../../src/mls/forget-group.js";
import type { Group } from "../../src/mls/group.js";
import { twoMembers } from "../support/mls-insider.js";

it("forgets a group in which seventy senders skipped as many messages as they may", async () => {
  const [alice] = await twoMembers();
  const ratchets = Array.from({ length: 70 }, (_, leafIndex) => ({
    leafIndex,
    generation: 1001,
    secret: new Uint8Array(32).fill(1),
    skipped: Array.from({ length: 1000 }, (_, generation) => ({
      generation,
      key: new Uint8Array(16).fill(1),
      nonce: new Uint8Array(12).fill(1),
    })),
  }));
  const group: Group = { ...alice.group, secretTree: { ...alice.group.secretTree, ratchets } };
  forgetGroup(group);
  const secrets = ratchets.flatMap(({ secret, skipped }) => [
    secret,
    ...skipped.flatMap(({ key, nonce }) => [key, nonce]),
  ]);
  assert.ok(secrets.every((secret) => secret.every((octet) => octet === 0)));
});
