import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  concat,
  equalBytes,
  fromBase64Url,
  fromHex,
  fromUtf8,
  toBase64Url,
  toHex,
  utf8,
} from "../../src/codec/bytes.js";
import { CodecError } from "../../src/codec/codec-error.js";
import { holds } from "../support/property.js";

describe("bytes", () => {
  it("spells octets in base64url as Node does, and reads them back", () => {
    holds(fc.uint8Array(), (bytes) => {
      assert.equal(toBase64Url(bytes), Buffer.from(bytes).toString("base64url"));
      assert.deepEqual(fromBase64Url(toBase64Url(bytes)), new Uint8Array(bytes));
    });
  });

  for (const [title, text] of [
    ["padding", "YQ=="],
    ["the other alphabet", "+/8"],
    ["a length that no octets have", "YWFhY"],
    ["bits that no octet uses", "YR"],
    ["blanks", "YW Fh"],
  ] as const) {
    it(`refuses ${title} in base64url`, () => assert.throws(() => fromBase64Url(text), CodecError));
  }

  it("spells octets in hexadecimal and reads either case", () => {
    holds(fc.uint8Array(), (bytes) => {
      assert.equal(toHex(bytes), Buffer.from(bytes).toString("hex"));
      assert.deepEqual(fromHex(toHex(bytes).toUpperCase()), new Uint8Array(bytes));
    });
  });

  for (const text of ["a", "0x", "zz", "0 "]) {
    it(`refuses ${JSON.stringify(text)} as hexadecimal`, () => assert.throws(() => fromHex(text), CodecError));
  }

  it("keeps text through UTF-8, a byte order mark included", () => {
    holds(fc.string({ unit: "binary" }), (text) => assert.equal(fromUtf8(utf8(text)), text));
    assert.equal(fromUtf8(utf8("\ufeffa")), "\ufeffa");
  });

  it("refuses what UTF-8 cannot say, both ways", () => {
    assert.throws(() => utf8("\ud800"), CodecError);
    assert.throws(() => fromUtf8(Uint8Array.of(0xc0, 0x80)), CodecError);
    assert.throws(() => fromUtf8(Uint8Array.of(0xed, 0xa0, 0x80)), CodecError);
  });

  it("joins parts and compares them", () => {
    const joined = concat(Uint8Array.of(1), new Uint8Array(), Uint8Array.of(2, 3));
    assert.ok(equalBytes(joined, Uint8Array.of(1, 2, 3)));
    assert.ok(!equalBytes(joined, Uint8Array.of(1, 2)));
    assert.ok(!equalBytes(joined, Uint8Array.of(1, 2, 4)));
  });
});
