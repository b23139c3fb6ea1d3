import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { signWithLabel } from "ts-mls/crypto/signature.js";
import { concat, fromHex, toHex } from "../../src/codec/bytes.js";
import { decode, encode, opaque, struct, uint16, vector } from "../../src/codec/tls.js";
import { createCrypto } from "../../src/mls/crypto.js";
import { open, seal } from "../../src/mls/hpke.js";
import {
  isSigned,
  KEY_PACKAGE_LIFETIME,
  keyPackageReference,
  lifetimeAt,
  makeKeyPackage,
  readKeyPackage,
} from "../../src/mls/key-package.js";
import { peekMessage } from "../../src/mls/peek.js";
import { leafContentOf } from "../../src/mls/room-authentication.js";
import { signLeaf } from "../../src/mls/tree/leaf.js";
import { encodeKeyPackageTBS, type KeyPackage } from "../../src/mls/wire/key-package.js";
import { mlsMessage } from "../../src/mls/wire/message.js";
import { makeClient, type TestClient } from "../support/mls-builders.js";
import { readVectors, withoutVectors } from "../support/mls-vectors.js";

const NOW = 1_700_000_000_000;
const HOUR = 3_600_000;

async function make({ crypto, identity }: TestClient, lastResort = false) {
  return makeKeyPackage(crypto, { identity, lifetime: lifetimeAt(NOW), lastResort });
}

function packageIn(message: Uint8Array): KeyPackage {
  const parsed = decode(mlsMessage, message);
  assert.ok(parsed.kind === "keyPackage");
  return parsed.keyPackage;
}

/** A KeyPackage of `client` with something else in it, signed anew by its key. */
async function changed(client: TestClient, change: (made: KeyPackage) => KeyPackage | Promise<KeyPackage>) {
  const { signature: _, ...unsigned } = await change(packageIn((await make(client)).message));
  const { signature: crypto } = client.crypto;
  const tbs = encodeKeyPackageTBS(unsigned);
  const signature = await signWithLabel(client.identity.signatureKey, "KeyPackageTBS", tbs, crypto);
  return encode(mlsMessage, { kind: "keyPackage", keyPackage: { ...unsigned, signature } });
}

/** The same with another leaf, signed anew as well. */
function withLeaf(client: TestClient, change: Partial<KeyPackage["leafNode"]>) {
  return changed(client, async (made) => ({
    ...made,
    leafNode: await signLeaf(
      client.crypto,
      { ...made.leafNode, ...change },
      { groupId: new Uint8Array(), leafIndex: 0 },
    ),
  }));
}

const lasting = (notBefore: number, notAfter: number) => ({
  source: {
    kind: "keyPackage" as const,
    notBefore: BigInt(Math.floor(notBefore / 1000)),
    notAfter: BigInt(Math.floor(notAfter / 1000)),
  },
});

/** What is wrong with a KeyPackage, and how it is called. */
const wrongs: Record<string, [code: string, make: (client: TestClient) => Promise<Uint8Array>]> = {
  "of another protocol version": ["unsupported", (client) => changed(client, (made) => ({ ...made, version: 2 }))],
  "of another cipher suite": ["unsupported", (client) => changed(client, (made) => ({ ...made, cipherSuite: 2 }))],
  "whose leaf was made for a commit": [
    "badLeaf",
    (client) => withLeaf(client, { source: { kind: "commit", parentHash: new Uint8Array() } }),
  ],
  "that is not good yet": ["badLifetime", (client) => withLeaf(client, lasting(NOW + HOUR, NOW + 2 * HOUR))],
  "that is not good any more": ["badLifetime", (client) => withLeaf(client, lasting(NOW - 2 * HOUR, NOW - HOUR))],
  "that ends before it begins": ["badLifetime", (client) => withLeaf(client, lasting(NOW + HOUR, NOW - HOUR))],
  "that is to be good for too long": [
    "badLifetime",
    (client) => withLeaf(client, lasting(NOW - HOUR, NOW + KEY_PACKAGE_LIFETIME + HOUR)),
  ],
  "for ever": [
    "badLifetime",
    (client) => withLeaf(client, { source: { kind: "keyPackage", notBefore: 0n, notAfter: 2n ** 64n - 1n } }),
  ],
  "of a client that does not support what rooms need": [
    "badLeaf",
    (client) =>
      withLeaf(client, {
        capabilities: { ...leafContentOf(client.identity).capabilities, proposals: [] },
      }),
  ],
  "without binding": ["badLeaf", (client) => withLeaf(client, { extensions: [] })],
  "that nobody can encrypt to, at its leaf": [
    "badLeaf",
    (client) => withLeaf(client, { encryptionKey: new Uint8Array(32) }),
  ],
  "that nobody can encrypt to": [
    "invalidKeyPackage",
    (client) => changed(client, (made) => ({ ...made, initKey: new Uint8Array(32) })),
  ],
  "with one key in two places": [
    "invalidKeyPackage",
    (client) => changed(client, (made) => ({ ...made, initKey: made.leafNode.encryptionKey })),
  ],
  "with an extension twice": [
    "invalidKeyPackage",
    (client) =>
      changed(client, (made) => {
        const extension = { extensionType: 0x000a, extensionData: new Uint8Array() };
        return { ...made, extensions: [extension, extension] };
      }),
  ],
  "with something in its last_resort": [
    "invalidKeyPackage",
    (client) =>
      changed(client, (made) => ({
        ...made,
        extensions: [{ extensionType: 0x000a, extensionData: Uint8Array.of(1) }],
      })),
  ],
  "whose leaf nobody signed": [
    "badSignature",
    (client) =>
      changed(client, (made) => ({ ...made, leafNode: { ...made.leafNode, signature: new Uint8Array(64).fill(1) } })),
  ],
  "of somebody else's client": [
    "badBinding",
    async (client) => {
      const { clientUri } = (await makeClient("bob")).identity;
      return (await make({ ...client, identity: { ...client.identity, clientUri } })).message;
    },
  ],
  "that is a message of another kind": ["invalidKeyPackage", async () => fromHex(PRIVATE_MESSAGE)],
};

/** An MLSMessage(PrivateMessage) with nothing in it. */
const PRIVATE_MESSAGE = `00010002${"00"}${"00".repeat(8)}01${"000000"}`;

describe("a KeyPackage", () => {
  it("says who its client is, until when it is good, and whether it is the last resort", async () => {
    const client = await makeClient("alice");
    for (const lastResort of [false, true]) {
      const made = await make(client, lastResort);
      const view = await readKeyPackage(createCrypto(), made.message, NOW);
      assert.deepEqual(view.reference, made.reference);
      assert.equal(view.lastResort, lastResort);
      assert.deepEqual(view.lifetime, { notBefore: NOW - HOUR, notAfter: NOW + 90 * 24 * HOUR });
      assert.equal(view.client.clientUri, client.identity.clientUri);
      assert.equal(view.client.nickname, "alice");
    }
  });

  it("is good from an hour before it was made to the last second of its 90 days", async () => {
    const client = await makeClient("alice");
    const { message } = await make(client);
    for (const now of [NOW - HOUR, NOW + 90 * 24 * HOUR]) await readKeyPackage(client.crypto, message, now);
    for (const now of [NOW - HOUR - 1000, NOW + 90 * 24 * HOUR + 1000]) {
      await assert.rejects(readKeyPackage(client.crypto, message, now), { code: "badLifetime" });
    }
  });

  it("has fresh keys each time, and the private parts open what is sealed to it", async () => {
    const client = await makeClient("alice");
    const [one, other] = [await make(client), await make(client)];
    assert.notDeepEqual(one.reference, other.reference);
    const { initKey, leafNode } = packageIn(one.message);
    const info = Uint8Array.of(1);
    for (const [key, privateKey] of [
      [initKey, one.privateParts.initKey],
      [leafNode.encryptionKey, one.privateParts.leafKey],
    ] as const) {
      const sealed = await seal(key, info, Uint8Array.of(42));
      assert.deepEqual(await open(privateKey, info, sealed), Uint8Array.of(42));
    }
  });

  it("is of no group, and so no event of one", async () => {
    const { message } = await make(await makeClient("alice"));
    assert.throws(() => peekMessage(message), { code: "unsupported" });
  });

  for (const [title, [code, forge]] of Object.entries(wrongs)) {
    it(`is refused ${title}`, async () => {
      const client = await makeClient("mallory");
      await assert.rejects(readKeyPackage(createCrypto(), await forge(client), NOW), { name: "MlsError", code });
    });
  }

  it("is refused wherever a bit was flipped, and when it ends early or late", async () => {
    const client = await makeClient("alice");
    const { message } = await make(client, true);
    for (const [index] of message.entries()) {
      const flipped = message.map((octet, position) => (position === index ? octet ^ (1 << (index % 8)) : octet));
      await assert.rejects(readKeyPackage(client.crypto, flipped, NOW), { name: "MlsError" }, `octet ${index}`);
      const short = readKeyPackage(client.crypto, message.slice(0, index), NOW);
      await assert.rejects(short, { code: "malformed" }, `cut to ${index}`);
    }
    const long = readKeyPackage(client.crypto, concat(message, Uint8Array.of(0)), NOW);
    await assert.rejects(long, { code: "malformed" });
  });

  it("agrees with the MLS working group's: octets, signature, and the reference by which a Welcome names it", {
    skip: withoutVectors,
  }, async () => {
    const crypto = createCrypto();
    let seen = 0;
    for (const file of ["welcome.json", "passive-client-welcome.json", "passive-client-handling-commit.json"]) {
      for (const vector of readVectors<{ key_package: string; welcome: string }>(file)) {
        const message = fromHex(vector.key_package);
        const theirs = packageIn(message);
        assert.equal(toHex(encode(mlsMessage, { kind: "keyPackage", keyPackage: theirs })), vector.key_package);
        assert.ok(await isSigned(crypto, theirs));
        const named = welcomed(fromHex(vector.welcome));
        assert.ok(named.includes(toHex(await keyPackageReference(crypto, theirs))));
        seen += 1;
      }
    }
    assert.ok(seen >= 3, `${seen} vectors`);
  });
});

/** The references that an MLSMessage(Welcome) names (RFC 9420, 12.4.3.1). */
function welcomed(message: Uint8Array): string[] {
  const sealed = struct({ kemOutput: opaque, ciphertext: opaque });
  const welcome = struct({
    version: uint16,
    wireFormat: uint16,
    cipherSuite: uint16,
    secrets: vector(struct({ newMember: opaque, sealed })),
    groupInfo: opaque,
  });
  return decode(welcome, message).secrets.map(({ newMember }) => toHex(newMember));
}
