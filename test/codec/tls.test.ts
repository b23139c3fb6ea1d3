import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  bool,
  type Codec,
  decode,
  encode,
  enumeration,
  opaque,
  opaqueFixed,
  optional,
  Reader,
  struct,
  text,
  uint8,
  uint16,
  uint32,
  uint64,
  variant,
  vector,
} from "../../src/codec/tls.js";
import { refusesAt, refusesEveryOtherLength } from "../support/codec-error.js";
import { holds } from "../support/property.js";

const colour = enumeration("Colour", { red: 1, green: 7 });
const shape = variant(enumeration("Shape", { dot: 1, line: 2, blob: 3 }), {
  dot: struct({ x: uint8 }),
  line: struct({ from: uint8, to: uint8 }),
});
const blob = "blob" as string as "dot";
const everything = struct({
  small: uint8,
  middle: uint16,
  large: uint32,
  huge: uint64,
  yes: bool,
  key: opaqueFixed(4),
  blob: opaque,
  name: text,
  colours: vector(colour),
  maybe: optional(struct({ inner: vector(text) })),
  shapes: vector(shape),
});

const arbitrary = fc.record({
  small: fc.integer({ min: 0, max: 0xff }),
  middle: fc.integer({ min: 0, max: 0xffff }),
  large: fc.integer({ min: 0, max: 0xffffffff }),
  huge: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
  yes: fc.boolean(),
  key: fc.uint8Array({ minLength: 4, maxLength: 4 }),
  blob: fc.uint8Array({ maxLength: 100 }),
  name: fc.string({ unit: "grapheme" }),
  colours: fc.array(fc.constantFrom("red" as const, "green" as const)),
  maybe: fc.option(fc.record({ inner: fc.array(fc.string({ unit: "grapheme" })) }), { nil: undefined }),
  shapes: fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant("dot" as const), x: fc.nat(255) }),
      fc.record({ kind: fc.constant("line" as const), from: fc.nat(255), to: fc.nat(255) }),
    ),
  ),
});

describe("TLS presentation language", () => {
  it("reads what it writes, and writes the same octets again", () => {
    holds(arbitrary, (value) => {
      const bytes = encode(everything, value);
      assert.deepEqual(plain(decode(everything, bytes)), plain(value));
      assert.deepEqual(encode(everything, decode(everything, bytes)), bytes);
    });
  });

  it("refuses everything truncated and everything with octets left over", () => {
    holds(
      arbitrary.filter(({ blob, name }) => blob.length + name.length < 40),
      (value) => refusesEveryOtherLength(encode(everything, value), (bytes) => decode(everything, bytes)),
    );
  });

  it("never fails otherwise than with a CodecError, whatever the octets", () => {
    holds(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      try {
        assert.deepEqual(encode(everything, decode(everything, bytes)), new Uint8Array(bytes));
      } catch (error) {
        assert.equal((error as Error).name, "CodecError");
      }
    });
  });

  for (const [length, head] of [
    [0, [0]],
    [63, [0x3f]],
    [64, [0x40, 0x40]],
    [16383, [0x7f, 0xff]],
    [16384, [0x80, 0, 0x40, 0]],
  ] as const) {
    it(`heads ${length} octets with a length of ${head.length}`, () => {
      const bytes = encode(opaque, new Uint8Array(length));
      assert.deepEqual([...bytes.subarray(0, head.length)], [...head]);
      assert.equal(decode(opaque, bytes).length, length);
    });
  }

  for (const [title, octets] of [
    ["two octets where one would do", [0x40, 0x01, 0xff]],
    ["four octets where two would do", [0x80, 0, 0, 0x40, ...new Array<number>(64).fill(0)]],
    ["the reserved prefix", [0xc0, 0, 0, 0, 0, 0, 0, 0]],
    ["more octets than there are", [0x02, 0x01]],
    ["a gigabyte that is not there", [0xbf, 0xff, 0xff, 0xff]],
  ] as const) {
    it(`refuses a vector length of ${title}`, () => {
      refusesAt("blob", () => decode(struct({ blob: opaque }), Uint8Array.from(octets)));
    });
  }

  const nested = struct({ list: vector(struct({ colour, ok: bool })) });
  for (const [title, path, octets] of [
    ["an octet that the enum does not name", "list[1].colour", [4, 1, 0, 2, 0]],
    ["an octet that is no bool", "list[0].ok", [2, 7, 2]],
    ["an item cut short", "list[1].ok", [3, 1, 0, 7]],
    ["a list cut short", "list", [4, 1, 0]],
    ["trailing octets", "", [0, 0]],
  ] as const) {
    it(`names the field of ${title}`, () => refusesAt(path, () => decode(nested, Uint8Array.from(octets))));
  }

  it("names the field of text that is not UTF-8", () => {
    refusesAt("names[1]", () => decode(struct({ names: vector(text) }), Uint8Array.of(4, 1, 0x61, 1, 0xff)));
  });

  it("refuses a variant's tag without a case", () => {
    refusesAt("[0]", () => decode(vector(shape), Uint8Array.of(1, 3)));
    refusesAt("[0]", () => decode(vector(shape), Uint8Array.of(1, 9)));
  });

  for (const [title, run] of [
    ["300 as uint8", () => encode(struct({ at: uint8 }), { at: 300 })],
    ["a fraction", () => encode(struct({ at: uint16 }), { at: 1.5 })],
    ["a negative number", () => encode(struct({ at: uint32 }), { at: -1 })],
    ["2^64", () => encode(struct({ at: uint64 }), { at: 1n << 64n })],
    ["three octets of four", () => encode(struct({ at: opaqueFixed(4) }), { at: new Uint8Array(3) })],
    ["a lone surrogate", () => encode(struct({ at: text }), { at: "\ud800" })],
    ["a label that the enum does not have", () => encode(struct({ at: colour }), { at: "blue" as string as "red" })],
    ["a case that the variant does not have", () => encode(struct({ at: shape }), { at: { kind: blob, x: 0 } })],
    ["more octets than a vector holds", () => encode(struct({ at: opaque }), { at: new Uint8Array(2 ** 30) })],
  ] as const) {
    it(`does not write ${title}`, () => refusesAt("at", run));
  }

  it("reads what is left of a message, and what a field is named by whoever reads it by hand", () => {
    const reader = new Reader(Uint8Array.of(1, 2, 3));
    assert.equal(
      reader.within("first", () => reader.uint(1)),
      1,
    );
    assert.deepEqual([...reader.rest()], [2, 3]);
    refusesAt("a.b", () => reader.within("a", () => reader.within("b", () => reader.uint(1))));
  });

  it("does not loop over items that take no octets", () => {
    const nothing: Codec<object> = { write: () => undefined, read: () => ({}) };
    refusesAt("", () => decode(vector(nothing), Uint8Array.of(1, 0)));
  });

  it("gives memory of its own, so that a kept field does not keep the message", () => {
    const message = encode(opaque, Uint8Array.of(1, 2, 3));
    const field = decode(opaque, message);
    message.fill(0);
    assert.deepEqual([...field], [1, 2, 3]);
    assert.equal(field.buffer.byteLength, 3);
  });
});

/** Without the difference between kinds of byte arrays and of object prototypes, which deepEqual sees. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, item: unknown) => {
      if (item instanceof Uint8Array) return [...item];
      return typeof item === "bigint" ? String(item) : item;
    }),
  );
}
