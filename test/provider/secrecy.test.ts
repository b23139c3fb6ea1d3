import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import { toHex, utf8 } from "../../src/codec/bytes.js";
import { encodeGroup } from "../../src/mls/stored-group.js";
import { ApiMember } from "../support/api-member.js";
import { startTestProvider } from "../support/provider-process.js";

/** Everything that a provider has on disk, write-ahead log included, as hex. */
function onDisk(databasePath: string): string {
  const folder = dirname(databasePath);
  return readdirSync(folder)
    .map((file) => readFileSync(join(folder, file)).toString("hex"))
    .join("|");
}

/** Every octet string of a value, however deep. */
function octetStrings(value: unknown): Uint8Array[] {
  if (value instanceof Uint8Array) return [value];
  if (value instanceof Map) return [...value.values()].flatMap(octetStrings);
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(octetStrings) : [];
}

describe("A provider's whole database", async () => {
  const provider = await startTestProvider({ assets: false });
  after(() => provider.stop());

  it("has every ciphertext, and no key of any epoch and no text", async () => {
    const alice = await ApiMember.register(provider.url, "Alice");
    const bob = await ApiMember.register(provider.url, "Bob");
    await alice.createRoom("secret");
    await bob.join(alice.room);
    const secrets = new Set<string>();
    const bodies: Uint8Array[] = [];
    const texts: string[] = [];
    for (let epoch = 0; epoch < 4; epoch++) {
      for (const member of [alice, bob] as const) {
        await member.catchUp();
        const text = `${member.guest.identity.nickname} says something in round ${epoch}`;
        const body: Uint8Array = await member.messageBody(text);
        assert.equal((await member.submit(body)).status, 200);
        texts.push(text);
        bodies.push(body);
        assert.ok(member.group);
        const { keys, secretTree, privateKeys } = member.group;
        for (const secret of octetStrings([keys, secretTree, privateKeys])) {
          if (secret.length >= 12) secrets.add(toHex(secret));
        }
      }
      await alice.catchUp();
      assert.equal((await (epoch % 2 ? alice : bob).commit()).status, 200);
      await bob.catchUp();
    }
    assert.ok(secrets.size > 40, `${secrets.size} secrets were looked for`);

    const bytes = onDisk(provider.databasePath);
    for (const body of bodies) {
      // a request is its protocol, its length, the message and the sender: the message's middle is enough to find it
      assert.ok(bytes.includes(toHex(body.subarray(40, 200))), "what is there is found by the same search");
    }
    for (const secret of secrets) assert.ok(!bytes.includes(secret), `the secret ${secret} is in the database`);
    for (const text of texts) assert.ok(!bytes.includes(toHex(utf8(text))), `"${text}" is in the database`);
  });

  it("opens nothing for a client that left, not even with all that this client kept", async () => {
    const alice = await ApiMember.register(provider.url, "Alice");
    const bob = await ApiMember.register(provider.url, "Bob");
    await alice.createRoom("left");
    await bob.join(alice.room);
    await alice.catchUp();
    await bob.catchUp();
    assert.equal((await bob.selfRemove()).status, 200);
    const kept = bob.group;
    assert.ok(kept);
    await alice.catchUp();
    assert.equal((await alice.commit()).status, 200);
    await alice.catchUp();
    const before = toHex(encodeGroup(kept));
    assert.equal((await alice.say("Bob is gone")).status, 200);
    const { events } = await alice.page(0);
    const last = events.at(-1)?.message;
    assert.ok(last && alice.group);

    // also where it lies to itself about the epoch: with the new context and its own old keys
    const lied = { ...kept, context: alice.group.context, nodes: alice.group.nodes, epoch: alice.group.epoch };
    for (const [group, code] of [
      [kept, "wrongEpoch"],
      [lied, "cannotDecrypt"],
    ] as const) {
      bob.group = group;
      const event = { room: bob.room, cursor: 99n, timestamp: 0n, message: last, externalPub: new Uint8Array() };
      await assert.rejects(bob.hear(event), { code });
    }
    assert.equal(toHex(encodeGroup(kept)), before);
  });
});
