import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Aes128Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import { utf8 } from "../../src/codec/bytes.js";
import { deriveKeyPair, generateKeyPair, open, receiveExport, seal, sendExport } from "../../src/mls/hpke.js";
import { randomBytes } from "../../src/mls/random.js";

const theirs = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes128Gcm() });
const info = utf8("what it is for");

describe("HPKE", () => {
  it("derives the key pairs that another implementation derives", async () => {
    const ikm = randomBytes(32);
    const pair = await theirs.kem.deriveKeyPair(ikm.buffer);
    const ours = await deriveKeyPair(ikm);
    assert.deepEqual(ours.publicKey, new Uint8Array(await theirs.kem.serializePublicKey(pair.publicKey)));
    assert.deepEqual(ours.privateKey, new Uint8Array(await theirs.kem.serializePrivateKey(pair.privateKey)));
  });

  it("opens what another implementation sealed, and the other way round", async () => {
    const ikm = randomBytes(32);
    const [{ privateKey, publicKey }, pair] = [await deriveKeyPair(ikm), await theirs.kem.deriveKeyPair(ikm.buffer)];
    const secret = randomBytes(32);
    const sealed = await theirs.seal({ recipientPublicKey: pair.publicKey, info: info.buffer }, secret.buffer);
    const received = { kemOutput: new Uint8Array(sealed.enc), ciphertext: new Uint8Array(sealed.ct) };
    assert.deepEqual(await open(privateKey, info, received), secret);
    const { kemOutput, ciphertext } = await seal(publicKey, info, secret);
    const enc = new Uint8Array(kemOutput).buffer;
    const opened = await theirs.open(
      { recipientKey: pair.privateKey, enc, info: info.buffer },
      new Uint8Array(ciphertext).buffer,
    );
    assert.deepEqual(new Uint8Array(opened), secret);
  });

  it("exports the secret that another implementation exports", async () => {
    const ikm = randomBytes(32);
    const [{ publicKey }, pair] = [await deriveKeyPair(ikm), await theirs.kem.deriveKeyPair(ikm.buffer)];
    const { kemOutput, secret } = await sendExport(publicKey, utf8("label"), 32);
    const context = await theirs.createRecipientContext({
      recipientKey: pair.privateKey,
      enc: new Uint8Array(kemOutput).buffer,
    });
    assert.deepEqual(secret, new Uint8Array(await context.export(utf8("label").buffer, 32)));
  });

  it("refuses another key, a changed ciphertext and points that are none or of low order", async () => {
    const [alice, bob] = await Promise.all([generateKeyPair(), generateKeyPair()]);
    const sealed = await seal(alice.publicKey, info, utf8("secret"));
    await assert.rejects(open(bob.privateKey, info, sealed), { code: "cannotDecrypt" });
    const changed = { ...sealed, ciphertext: sealed.ciphertext.map((octet) => octet ^ 1) };
    await assert.rejects(open(alice.privateKey, info, changed), { code: "cannotDecrypt" });
    for (const point of [new Uint8Array(32), Uint8Array.of(1, ...new Uint8Array(31)), new Uint8Array(31)]) {
      await assert.rejects(open(alice.privateKey, info, { ...sealed, kemOutput: point }), { code: "cannotDecrypt" });
      await assert.rejects(seal(point, info, utf8("secret")), { code: "cannotDecrypt" });
      await assert.rejects(receiveExport(alice.privateKey, point, info, 32), { code: "cannotDecrypt" });
    }
  });
});
