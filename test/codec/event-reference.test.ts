import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { fromHex } from "../../src/codec/bytes.js";
import { CodecError } from "../../src/codec/codec-error.js";
import { eventReference, NO_REFERENCE, readReference } from "../../src/codec/event-reference.js";
import { encode } from "../../src/codec/tls.js";
import { holds } from "../support/property.js";

describe("an event reference", () => {
  it("stands on the wire as cursor and hash", () => {
    const eventHash = new Uint8Array(32).fill(0xab);
    assert.deepEqual(
      encode(eventReference, { cursor: 0x0102n, eventHash }),
      fromHex(`000000000000010220${"ab".repeat(32)}`),
    );
    assert.deepEqual(NO_REFERENCE, fromHex("000000000000000000"));
  });

  it("is read as it was written", () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
    holds(fc.tuple(fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }), hash), ([cursor, eventHash]) => {
      assert.deepEqual(readReference(encode(eventReference, { cursor, eventHash })), { cursor, eventHash });
    });
  });

  it("refers to nothing with cursor 0 and no hash", () => {
    assert.equal(readReference(NO_REFERENCE), undefined);
  });

  for (const [title, octets] of [
    ["nothing", ""],
    ["half a cursor", "00000000"],
    ["a cursor without a hash", "000000000000000700"],
    ["a hash without a cursor", `000000000000000020${"ab".repeat(32)}`],
    ["a hash of another length", `00000000000000071f${"ab".repeat(31)}`],
    ["something after it", `000000000000000720${"ab".repeat(32)}00`],
  ] as const) {
    it(`is not ${title}`, () => assert.throws(() => readReference(fromHex(octets)), CodecError));
  }
});
