import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { registerGuest } from "../../demo/guest.js";
import { fromBase64Url, toBase64Url } from "../../src/codec/bytes.js";
import { CLIENT_PROOF_LABEL, clientProofTBS } from "../../src/codec/leaf-extensions.js";
import { clientUri, guestUserId, userOfClient } from "../../src/codec/mimi-uri.js";
import { encode } from "../../src/codec/tls.js";
import { makeLeafIdentity } from "../../src/mls/leaf-identity.js";
import { exportPublicKey, generateSignatureKey, generateUserKey, signWithLabel } from "../../src/mls/signing.js";
import { openTestApp, type TestApp } from "../support/provider-app.js";
import { assertJson, assertRefused } from "../support/refusals.js";

interface Registered {
  readonly userUri: string;
  readonly clientUri: string;
  readonly token: string;
  readonly expiresAt: number;
}

describe("registration", () => {
  let app: TestApp;
  before(async () => {
    app = await openTestApp();
  });
  after(() => app.close());

  it("gives a guest a token for a proof of its keys, and renews it", async () => {
    const guest = await keys(app);
    const first = await assertJson<Registered>(await post(app, await body(app, guest)), 201);
    assert.equal(first.userUri, userOfClient(guest.uri));
    assert.equal(first.clientUri, guest.uri);
    assert.equal(fromBase64Url(first.token).length, 32);
    const second = await assertJson<Registered>(await post(app, await body(app, guest)), 200);
    assert.notEqual(second.token, first.token);
  });

  it("renews a client's token more often than it keeps tokens: the newest eight are good", async () => {
    const guest = await keys(app);
    const tokens: string[] = [];
    for (let turn = 0; turn < 12; turn++) {
      const { token } = await assertJson<Registered>(await post(app, await body(app, guest)), turn === 0 ? 201 : 200);
      tokens.push(token);
      app.pass(1);
    }
    const good = await Promise.all(
      tokens.map(async (token) => {
        const headers = { authorization: `Bearer ${token}` };
        return (await app.send("POST", "/v1/rooms/unknown/groupInfo", undefined, headers)).status !== 401;
      }),
    );
    assert.deepEqual(good, [...Array(4).fill(false), ...Array(8).fill(true)]);
  });

  it("takes a challenge once", async () => {
    const guest = await keys(app);
    const request = await body(app, guest);
    await assertJson(await post(app, request), 201);
    await assertRefused(await post(app, request), 401, "invalidProof");
  });

  it("takes a challenge for two minutes only", async () => {
    const request = await body(app, await keys(app));
    app.pass(2 * 60_000);
    await assertRefused(await post(app, request), 401, "invalidProof");
  });

  it("refuses a binding by another user key", async () => {
    const [guest, other] = [await keys(app), await keys(app)];
    const request = { ...(await body(app, guest)), binding: toBase64Url(other.identity.bindingSignature) };
    await assertRefused(await post(app, request), 401, "invalidProof");
  });

  it("refuses a proof by another signature key", async () => {
    const [guest, other] = [await keys(app), await keys(app)];
    const request = await body(app, guest, other.signaturePair);
    await assertRefused(await post(app, request), 401, "invalidProof");
  });

  it("refuses the client of a user whose key it is not", async () => {
    const guest = await keys(app);
    const other = await keys(app);
    await assertRefused(await post(app, { ...(await body(app, guest)), clientUri: other.uri }), 401, "invalidProof");
  });

  for (const [title, change] of [
    ["a missing field", { proof: undefined }],
    ["a key of another length", { userKey: "AAAA" }],
    ["padding", { proof: "AA==" }],
    ["a URI that is none", { clientUri: "https://example.com" }],
    ["a field of another type", { challenge: 7 }],
  ] as const) {
    it(`refuses ${title} as malformed`, async () => {
      const request = { ...(await body(app, await keys(app))), ...change };
      await assertRefused(await post(app, request), 400, "malformed");
    });
  }

  it("refuses what is no JSON, and more of it than anybody needs", async () => {
    await assertRefused(await app.send("POST", "/v1/clients", "{"), 400, "malformed");
    await assertRefused(await app.send("POST", "/v1/clients", `"${"x".repeat(20_000)}"`), 413, "tooLarge");
  });

  it("lets a token live for a day", async () => {
    const guest = await registerGuest(app.url, await generateUserKey(false), "Alice", app.fetch);
    await assertRefused(await guest.request("POST", "/v1/rooms/none/groupInfo"), 404, "noSuchRoom");
    app.pass(24 * 60 * 60_000);
    await assertRefused(await guest.request("POST", "/v1/rooms/none/groupInfo"), 401, "unauthenticated");
  });

  it("knows a client as long as it has a token that is good", async () => {
    const guest = await keys(app);
    await assertJson(await post(app, await body(app, guest)), 201);
    app.pass(23 * 60 * 60_000);
    await assertJson(await post(app, await body(app, guest)), 200);
    app.pass(25 * 60 * 60_000);
    await assertJson(await post(app, await body(app, guest)), 201);
  });

  it("refuses a token that is forged, or missing", async () => {
    const forged = { authorization: `Bearer ${toBase64Url(new Uint8Array(32))}` };
    await assertRefused(await app.send("POST", "/v1/rooms", undefined, forged), 401, "unauthenticated");
    await assertRefused(await app.send("POST", "/v1/rooms"), 401, "unauthenticated");
  });

  it("counts registrations by address and says when to come back", async () => {
    const limited = await openTestApp({ rates: { registrationsPerIp: { points: 2, seconds: 60 } } });
    await limited.send("POST", "/v1/challenges");
    await limited.send("POST", "/v1/challenges");
    const response = await limited.send("POST", "/v1/challenges");
    const seconds = Number(response.headers.get("retry-after"));
    assert.ok(seconds >= 1 && seconds <= 60);
    await assertRefused(response, 429, "rateLimited");
    await limited.close();
  });

  it("keeps so many challenges and no more: the newest, so that nobody is kept from registering", async () => {
    const small = await openTestApp({ limits: { challenges: 2 } });
    const requests = [];
    for (let index = 0; index < 3; index++) requests.push(await body(small, await keys(small)));
    const [first, second, third] = await Promise.all(requests.map((request) => post(small, request)));
    assert.ok(first && second && third);
    await assertRefused(first, 401, "invalidProof");
    await assertJson(second, 201);
    await assertJson(third, 201);
    await small.close();
  });
});

async function keys(app: TestApp) {
  const userKeyPair = await generateUserKey(false);
  const signaturePair = await generateSignatureKey();
  const signatureKey = await exportPublicKey(signaturePair.publicKey);
  const userId = await guestUserId(await exportPublicKey(userKeyPair.publicKey));
  const uri = clientUri(app.domain, userId, toBase64Url(crypto.getRandomValues(new Uint8Array(16))));
  const identity = await makeLeafIdentity({ clientUri: uri, nickname: "Alice", userKeyPair, signatureKey });
  return { uri, identity, signaturePair, signatureKey };
}

async function body(app: TestApp, guest: Awaited<ReturnType<typeof keys>>, prover = guest.signaturePair) {
  const { challenge } = await assertJson<{ challenge: string }>(await app.send("POST", "/v1/challenges"), 200);
  const tbs = encode(clientProofTBS, { challenge: fromBase64Url(challenge), clientUri: guest.uri });
  return {
    clientUri: guest.uri,
    userKey: toBase64Url(guest.identity.userKey),
    signatureKey: toBase64Url(guest.signatureKey),
    binding: toBase64Url(guest.identity.bindingSignature),
    challenge,
    proof: toBase64Url(await signWithLabel(prover.privateKey, CLIENT_PROOF_LABEL, tbs)),
  };
}

async function post(app: TestApp, request: object): Promise<Response> {
  return await app.send("POST", "/v1/clients", JSON.stringify(request));
}
