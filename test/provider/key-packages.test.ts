import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { signWithLabel } from "ts-mls/crypto/signature.js";
import { type Guest, registerGuest } from "../../demo/guest.js";
import { fromBase64Url, toBase64Url } from "../../src/codec/bytes.js";
import { keyPackageUpload } from "../../src/codec/hub-messages.js";
import { CLIENT_PROOF_LABEL, clientProofTBS } from "../../src/codec/leaf-extensions.js";
import { encode } from "../../src/codec/tls.js";
import { KEY_PACKAGE_LIFETIME, lifetimeAt, makeKeyPackage, type OwnKeyPackage } from "../../src/mls/key-package.js";
import { generateUserKey } from "../../src/mls/signing.js";
import { openTestApp, type TestApp } from "../support/provider-app.js";
import { assertJson, assertRefused } from "../support/refusals.js";

/** When the test's provider begins: its clock stands still there. */
const NOW = 1_700_000_000_000;
const DAY = 24 * 3_600_000;

interface Published {
  readonly count: number;
  readonly expiresAt?: number;
  readonly references: readonly string[];
}

describe("key packages", () => {
  let app: TestApp;
  before(async () => {
    app = await openTestApp();
  });
  after(() => app.close());

  it("are published once each, however often they are sent, and told with the earliest expiry", async () => {
    const guest = await register(app);
    const none = await assertJson<Published>(await guest.request("GET", "/v1/keyPackages"), 200);
    assert.deepEqual(none, { count: 0, references: [] });

    const [one, two] = [await make(guest, { now: NOW - DAY }), await make(guest)];
    const last = await make(guest, { lastResort: true });
    const first = await assertJson<Published>(await put(guest, [one], last), 200);
    assert.deepEqual([first.count, first.expiresAt], [1, NOW - DAY + KEY_PACKAGE_LIFETIME]);
    const both = await assertJson<Published>(await put(guest, [one, two, two], last), 200);
    assert.equal(both.count, 2);
    assert.deepEqual(both.references.toSorted(), names(one, two, last).toSorted());
    assert.deepEqual(await assertJson<Published>(await guest.request("GET", "/v1/keyPackages"), 200), both);
  });

  it("are each client's own", async () => {
    const guest = await register(app);
    const other = await register(app);
    await assertJson(await put(guest, [await make(guest)]), 200);
    const seen = await assertJson<Published>(await other.request("GET", "/v1/keyPackages"), 200);
    assert.equal(seen.count, 0);
  });

  it("have one last resort, the newest", async () => {
    const guest = await register(app);
    const [old, young] = [await make(guest, { lastResort: true }), await make(guest, { lastResort: true })];
    await assertJson(await put(guest, [], old), 200);
    const now = await assertJson<Published>(await put(guest, [], young), 200);
    assert.deepEqual(now.references, names(young));
  });

  it("are at most twenty, and one too many publishes none", async () => {
    const guest = await register(app);
    const twenty = await Promise.all(Array.from({ length: 20 }, () => make(guest)));
    await assertJson(await put(guest, twenty, await make(guest, { lastResort: true })), 200);
    await assertRefused(await put(guest, [await make(guest)]), 413, "tooLarge");
    assert.equal((await assertJson<Published>(await put(guest, twenty), 200)).count, 20);
    await assertRefused(await put(guest, [...twenty, await make(guest)]), 413, "tooLarge");
  });

  const refused: Record<string, (guest: Guest) => Promise<Response>> = {
    "of another client": async (guest) => put(guest, [await make(await register(app))]),
    "that has expired": async (guest) => put(guest, [await make(guest, { now: NOW - 91 * DAY })]),
    "that is not good yet": async (guest) => put(guest, [await make(guest, { now: NOW + DAY })]),
    "that is marked as last resort, among the others": async (guest) =>
      put(guest, [await make(guest, { lastResort: true })]),
    "that is not marked, as last resort": async (guest) => put(guest, [], await make(guest)),
    "whose signature is another's": async (guest) => {
      const { message } = await make(guest);
      return put(guest, [{ message: message.with(-1, (message.at(-1) ?? 0) ^ 1) }]);
    },
  };
  for (const [title, send] of Object.entries(refused)) {
    it(`are refused with one ${title}, and none of them is kept`, async () => {
      const guest = await register(app);
      await assertRefused(await send(guest), 422, "invalidKeyPackage");
      const kept = await assertJson<Published>(await guest.request("GET", "/v1/keyPackages"), 200);
      assert.equal(kept.count, 0);
    });
  }

  it("are refused when they are malformed or too large, and without a token", async () => {
    const guest = await register(app);
    await assertRefused(await guest.request("PUT", "/v1/keyPackages", Uint8Array.of(9)), 400, "malformed");
    await assertRefused(await put(guest, [{ message: Uint8Array.of(1) }]), 400, "malformed");
    await assertRefused(await put(guest, [{ message: new Uint8Array(1537) }]), 413, "tooLarge");
    await assertRefused(await guest.request("PUT", "/v1/keyPackages", new Uint8Array(64 * 1024)), 413, "tooLarge");
    await assertRefused(await app.send("GET", "/v1/keyPackages"), 401, "unauthenticated");
    await assertRefused(await app.send("PUT", "/v1/keyPackages", new Uint8Array()), 401, "unauthenticated");
  });

  it("outlive their client's token, and go when they expire", async () => {
    const own = await openTestApp();
    try {
      const guest = await register(own);
      await assertJson(await put(guest, [await make(guest)]), 200);
      own.pass(2 * DAY);
      await assertRefused(await guest.request("GET", "/v1/keyPackages"), 401, "unauthenticated");
      assert.equal((await publishedLater(own, guest, true)).count, 1);
      own.pass(89 * DAY);
      assert.deepEqual(await publishedLater(own, guest, false), { count: 0, references: [] });
    } finally {
      await own.close();
    }
  });
});

async function register(app: TestApp): Promise<Guest> {
  return registerGuest(app.url, await generateUserKey(false), "Ada", app.fetch);
}

/** What is published of a client whose token has expired: it registers again first. */
async function publishedLater(app: TestApp, { crypto, identity }: Guest, isKnown: boolean): Promise<Published> {
  const { clientUri, userKey, signatureKey, bindingSignature } = identity;
  const { challenge } = await assertJson<{ challenge: string }>(await app.send("POST", "/v1/challenges"), 200);
  const tbs = encode(clientProofTBS, { challenge: fromBase64Url(challenge), clientUri });
  const proof = await signWithLabel(signatureKey, CLIENT_PROOF_LABEL, tbs, crypto.signature);
  const keys = { userKey, signatureKey, binding: bindingSignature, proof };
  const inText = Object.fromEntries(Object.entries(keys).map(([name, octets]) => [name, toBase64Url(octets)]));
  const body = JSON.stringify({ clientUri, challenge, ...inText });
  const { token } = await assertJson<{ token: string }>(
    await app.send("POST", "/v1/clients", body),
    isKnown ? 200 : 201,
  );
  const headers = { authorization: `Bearer ${token}` };
  return assertJson<Published>(await app.send("GET", "/v1/keyPackages", undefined, headers), 200);
}

function make({ crypto, identity }: Guest, { now = NOW, lastResort = false } = {}): Promise<OwnKeyPackage> {
  return makeKeyPackage(crypto, { identity, lifetime: lifetimeAt(now), lastResort });
}

type Sent = Pick<OwnKeyPackage, "message">;

function put(guest: Guest, keyPackages: readonly Sent[], lastResort?: Sent): Promise<Response> {
  const upload = { keyPackages: keyPackages.map(({ message }) => message), lastResort: lastResort?.message };
  return guest.request("PUT", "/v1/keyPackages", encode(keyPackageUpload, upload));
}

function names(...packages: readonly OwnKeyPackage[]): string[] {
  return packages.map(({ reference }) => toBase64Url(reference));
}
