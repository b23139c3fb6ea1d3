import assert from "node:assert/strict";
import { it } from "node:test";
import { createCrypto } from "../../src/mls/crypto.js";
import { randomBytes } from "../../src/mls/random.js";
import { createSecretTree, keyOfGeneration } from "../../src/mls/secret-tree.js";

it("keeps few keys of skipped messages, however many senders skip, and the latest of each", async () => {
  const crypto = createCrypto();
  let tree = createSecretTree(16, randomBytes(32));
  for (let leafIndex = 0; leafIndex < 10; leafIndex++) {
    ({ tree } = await keyOfGeneration(crypto, tree, leafIndex, 1000));
  }
  const count = tree.ratchets.reduce((sum, { skipped }) => sum + skipped.length, 0);
  assert.ok(count <= 4096 + 16 * 10, `${count} keys`);
  assert.ok(tree.ratchets.every(({ skipped }) => skipped.at(-1)?.generation === 999 && skipped.length >= 16));
  // who comes last loses nothing of what is lost on the way every day
  ({ tree } = await keyOfGeneration(crypto, tree, 15, 10));
  for (let generation = 0; generation < 10; generation++) {
    ({ tree } = await keyOfGeneration(crypto, tree, 15, generation));
  }
});
