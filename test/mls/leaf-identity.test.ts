import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { EXTENSION } from "../../src/codec/leaf-extensions.js";
import { inspectGroupInfo, stageExternalCommit } from "../../src/mls/external-commit.js";
import { createGroup } from "../../src/mls/group.js";
import { makeGroupInfo } from "../../src/mls/group-info.js";
import { type LeafIdentity, makeLeafIdentity, memberOf } from "../../src/mls/leaf-identity.js";
import { openPublicGroup, stagePublic } from "../../src/mls/public-group.js";
import { leafContentOf } from "../../src/mls/room-authentication.js";
import { exportPublicKey, generateUserKey } from "../../src/mls/signing.js";
import { stage } from "../../src/mls/stage.js";
import { makeClient, makeSeats, type TestClient } from "../support/mls-builders.js";

function leafOf(identity: LeafIdentity) {
  return { ...leafContentOf(identity), encryptionKey: new Uint8Array(32), source: { kind: "update" } } as const;
}

/** Identities by which mallory would be somebody else, or bind somebody else's client. */
const forgeries: Record<string, (mallory: TestClient, alice: TestClient) => Promise<LeafIdentity>> = {
  "alice's client URI under mallory's user key": (mallory, alice) =>
    makeLeafIdentity({ ...mallory.identity, userKeyPair: mallory.userKeyPair, clientUri: alice.identity.clientUri }),
  "alice's client URI and user key, bound by mallory": async (mallory, alice) => ({
    ...(await makeLeafIdentity({
      ...alice.identity,
      userKeyPair: mallory.userKeyPair,
      signatureKey: mallory.identity.signatureKey,
    })),
    userKey: alice.identity.userKey,
  }),
  "alice's whole binding under mallory's signature key": async (mallory, alice) => ({
    ...alice.identity,
    signatureKey: mallory.identity.signatureKey,
  }),
  "a binding of another client of mallory": async (mallory) => ({
    ...mallory.identity,
    clientUri: `${mallory.identity.clientUri}2`,
  }),
};

describe("a leaf's identity", () => {
  it("is what its maker said", async () => {
    const { identity } = await makeClient("alice");
    const member = await memberOf(leafOf(identity), 4);
    assert.equal(member.clientUri, identity.clientUri);
    assert.equal(member.nickname, "alice");
    assert.equal(member.leafIndex, 4);
  });

  it("says what its user accepts of a room, or nothing, and lists the extension in which it says so", async () => {
    const { identity } = await makeClient("alice");
    const acceptance = { logging: false, history: true, bots: false, receipts: true, pseudonyms: true };
    const leaf = leafOf({ ...identity, acceptance });
    assert.deepEqual((await memberOf(leaf, 0)).acceptance, acceptance);
    assert.ok(leaf.capabilities.extensions.includes(EXTENSION.acceptablePolicies));
    assert.equal("acceptance" in (await memberOf(leafOf(identity), 0)), false);
  });

  it("is refused where what its user accepts is malformed", async () => {
    const { identity } = await makeClient("alice");
    const leaf = leafOf(identity);
    const odd = { extensionType: EXTENSION.acceptablePolicies, extensionData: Uint8Array.of(1, 1, 2, 1, 1) };
    await assert.rejects(memberOf({ ...leaf, extensions: [...leaf.extensions, odd] }, 0), { code: "badLeaf" });
  });

  for (const [title, forge] of Object.entries(forgeries)) {
    it(`is refused with ${title}`, async () => {
      const identity = await forge(await makeClient("mallory"), await makeClient("alice"));
      await assert.rejects(memberOf(leafOf(identity), 0), { code: "badBinding" });
    });

    it(`lets nobody into a group, before members and hub, with ${title}`, async () => {
      const [alice] = await makeSeats(["alice"]);
      assert.ok(alice);
      const mallory = await makeClient("mallory");
      const identity = await forge(mallory, alice);
      const bundle = await makeGroupInfo(alice.crypto, alice.group);
      const hub = await openPublicGroup(alice.crypto, bundle);
      // taking alice's leaf away, that the name is free
      const joining = { ...bundle, identity, pendingProposals: [], removeOwn: [0] };
      const { commit, ...own } = await stageExternalCommit(mallory.crypto, joining);
      await assert.rejects(stage(alice.crypto, alice.group, commit, []), { code: "badBinding" });
      await assert.rejects(stagePublic(alice.crypto, hub, commit, [], own), { code: "badBinding" });
    });

    it(`makes a group that nobody joins with ${title}`, async () => {
      const [mallory, alice] = await Promise.all([makeClient("mallory"), makeClient("alice")]);
      const group = await createGroup(mallory.crypto, {
        groupId: Uint8Array.of(1),
        identity: await forge(mallory, alice),
        roomPolicy: Uint8Array.of(1),
        externalSenders: [],
      });
      const bundle = await makeGroupInfo(mallory.crypto, group);
      await assert.rejects(inspectGroupInfo(alice.crypto, bundle), { code: "badBinding" });
    });
  }

  it("is refused without a binding, a nickname or a client's URI", async () => {
    const { identity } = await makeClient("alice");
    const leaf = leafOf(identity);
    for (const extension of leaf.extensions) {
      const without = { ...leaf, extensions: leaf.extensions.filter((other) => other !== extension) };
      await assert.rejects(memberOf(without, 0), { code: "badLeaf" });
    }
    const nameless = { ...leaf, credential: { identity: new TextEncoder().encode("alice") } };
    await assert.rejects(memberOf(nameless, 0), { code: "badLeaf" });
    const loud = {
      ...leaf,
      credential: { identity: new TextEncoder().encode(identity.clientUri.replace("mimi:", "MIMI:")) },
    };
    await assert.rejects(memberOf(loud, 0), { code: "badLeaf" });
  });
});

describe("a user key", () => {
  it("can be exported only when it is recoverable", async () => {
    const [kept, recoverable] = await Promise.all([generateUserKey(false), generateUserKey(true)]);
    await assert.rejects(crypto.subtle.exportKey("pkcs8", kept.privateKey));
    assert.ok((await crypto.subtle.exportKey("pkcs8", recoverable.privateKey)).byteLength > 32);
    assert.equal((await exportPublicKey(kept.publicKey)).length, 32);
  });
});
