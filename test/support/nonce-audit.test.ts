import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { utf8 } from "../../src/codec/bytes.js";
import { protectMessage } from "../../src/mls/protect.js";
import { encodeGroup } from "../../src/mls/stored-group.js";
import { makeSeats, seatAt } from "./mls-builders.js";
import { NonceAudit } from "./nonce-audit.js";

async function speaker() {
  const { crypto, group } = seatAt(await makeSeats(["Alice"]), 0);
  const audit = new NonceAudit();
  audit.group(encodeGroup(group));
  return { audit, group, say: (text: string, from = group) => protectMessage(crypto, from, utf8(text)) };
}

describe("NonceAudit", () => {
  it("counts messages that each have a key of their own; the same one again is no second", async () => {
    const { audit, say } = await speaker();
    const first = await say("one");
    const second = await say("two", first.next);
    for (const { message } of [first, second, first]) audit.message(message);
    assert.equal(await audit.check(), 2);
  });

  it("finds two that were made from the same state", async () => {
    const { audit, say } = await speaker();
    audit.message((await say("one")).message);
    audit.message((await say("two")).message);
    await assert.rejects(audit.check(), /two ciphertexts share .*leaf 0, generation 0/u);
  });

  it("finds a message of an epoch that nobody was in, and a fork", async () => {
    const { audit, group } = await speaker();
    const other = await speaker();
    audit.message((await other.say("elsewhere")).message);
    await assert.rejects(audit.check(), /an epoch that nobody was in/u);
    const keys = { ...group.keys, senderDataSecret: new Uint8Array(32) };
    assert.throws(() => audit.group(encodeGroup({ ...group, keys })), /forked/u);
  });
});
