import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decode, encode, rfc8949EncodeOptions } from "cborg";
import fc from "fast-check";
import { CodecError, unlessMalformed } from "../../src/codec/codec-error.js";
import { type Cbor, decodeCbor, encodeCbor } from "../../src/content/cbor.js";
import { refusesAt } from "../support/codec-error.js";
import { holds } from "../support/property.js";

const key = fc.oneof(fc.maxSafeInteger(), fc.string({ unit: "grapheme" }));
const { value: anyCbor } = fc.letrec<{ value: Cbor }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false),
    fc.maxSafeInteger(),
    fc.string({ unit: "grapheme" }),
    fc.uint8Array(),
    fc.array(tie("value")),
    fc.array(fc.tuple(key, tie("value"))).map((entries) => new Map(entries)),
  ),
}));

describe("CBOR", () => {
  for (const [hex, path] of [
    ["82f682f661ff", "[1][1]"],
    ["8200a1018218ff1800", "[1][0][1]"],
    ["811f", "[0]"],
    ["9a7fffffff", ""],
  ] as const) {
    it(`names the position of what is malformed in ${hex}: ${path || "the whole"}`, () => {
      refusesAt(path, () => decodeCbor(new Uint8Array(Buffer.from(hex, "hex"))));
    });
  }

  it("is what another implementation writes and reads", () => {
    holds(anyCbor, (value) => {
      const bytes = encodeCbor(value);
      assert.deepEqual(bytes, new Uint8Array(encode(value, rfc8949EncodeOptions)));
      assert.deepEqual(decodeCbor(bytes), decode(bytes, { useMaps: true }));
    });
  });

  it("has one spelling: what is read is written again octet for octet, or refused", () => {
    holds(fc.tuple(anyCbor, fc.nat(), fc.nat(255)), ([value, at, octet]) => {
      const bytes = encodeCbor(value);
      const changed = bytes.with(at % bytes.length, octet);
      const read = unlessMalformed(() => decodeCbor(changed));
      if (read !== undefined) assert.deepEqual(encodeCbor(read), changed);
    });
  });

  for (const [value, hex] of [
    [0, "00"],
    [23, "17"],
    [24, "1818"],
    [255, "18ff"],
    [256, "190100"],
    [65535, "19ffff"],
    [65536, "1a00010000"],
    [4294967295, "1affffffff"],
    [4294967296, "1b0000000100000000"],
    [Number.MAX_SAFE_INTEGER, "1b001fffffffffffff"],
    [-1, "20"],
    [-24, "37"],
    [-25, "3818"],
    [Number.MIN_SAFE_INTEGER, "3b001ffffffffffffe"],
  ] as const) {
    it(`writes ${value} as ${hex}`, () => {
      assert.equal(Buffer.from(encodeCbor(value)).toString("hex"), hex);
      assert.equal(decodeCbor(new Uint8Array(Buffer.from(hex, "hex"))), value);
    });
  }

  for (const [title, hex] of [
    ["the integer below the least", "3b001fffffffffffff"],
    ["the greatest of eight octets", "1bffffffffffffffff"],
    ["a length of reserved form", "5c"],
    ["an array that announces more than there is", "9affffffff"],
    ["a map that announces more than there is", "baffffffff"],
    ["octets that announce more than there is", "5b0000000100000000"],
    ["a simple value in two octets", "f814"],
    ["a break alone", "ff"],
    ["two items", "0000"],
  ] as const) {
    it(`refuses ${title}`, () => {
      assert.throws(() => decodeCbor(new Uint8Array(Buffer.from(hex, "hex"))), CodecError);
    });
  }

  for (const value of [1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, "\ud800"]) {
    it(`writes no ${String(value)}`, () => assert.throws(() => encodeCbor(value), CodecError));
  }
});
