import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { expand, extract } from "../../src/mls/hkdf.js";
import { randomBytes } from "../../src/mls/random.js";

describe("HKDF", () => {
  it("gives what the platform's gives, for every number of blocks", async () => {
    const [salt, ikm, info] = [randomBytes(32), randomBytes(32), randomBytes(57)];
    const key = await crypto.subtle.importKey("raw", ikm, "HKDF", false, ["deriveBits"]);
    for (const length of [1, 12, 16, 31, 32, 33, 64, 82, 255 * 32]) {
      const theirs = await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info }, key, 8 * length);
      assert.deepEqual(expand(extract(salt, ikm), info, length), new Uint8Array(theirs));
    }
  });

  it("refuses more octets than there are", () => {
    assert.throws(() => expand(randomBytes(32), randomBytes(1), 255 * 32 + 1), RangeError);
  });
});
