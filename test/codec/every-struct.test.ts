import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { CodecError } from "../../src/codec/codec-error.js";
import * as references from "../../src/codec/event-reference.js";
import * as refusals from "../../src/codec/event-refusal.js";
import * as groupIds from "../../src/codec/group-id.js";
import * as hubMessages from "../../src/codec/hub-messages.js";
import * as leaves from "../../src/codec/leaf-extensions.js";
import * as policies from "../../src/codec/room-policy.js";
import { type Codec, decode, encode } from "../../src/codec/tls.js";
import { refusesAt } from "../support/codec-error.js";
import { holds } from "../support/property.js";
import { faultsOf } from "./shapes/faults.js";
import { anyOf } from "./shapes/shape.js";
import { structs } from "./shapes/structs.js";
import { writeShape } from "./shapes/write-shape.js";

describe("every struct of src/codec", () => {
  it("stands in the table of shapes", () => {
    const listed = new Set(structs.map(([, codec]) => codec));
    const labels = [
      hubMessages.protocol,
      policies.optionality,
      policies.role,
      policies.membershipStyle,
      policies.extType,
    ];
    const modules = { ...hubMessages, ...policies, ...refusals, ...references, ...groupIds, ...leaves };
    const missing = Object.entries(modules).filter(
      ([, value]) => isCodec(value) && !listed.has(value) && !labels.some((label) => label === value),
    );
    // a nickname is text with rules of its own: leaf-extensions.test.ts
    assert.deepEqual(
      missing.map(([name]) => name),
      ["nickname"],
    );
  });
});

function isCodec(value: unknown): value is Codec<unknown> {
  return typeof value === "object" && value !== null && "read" in value && "write" in value;
}

for (const [name, codec, shape] of structs) {
  describe(name, () => {
    const values = fc.sample(anyOf(shape), { seed: 20231105, numRuns: 12 });

    it("is written as its definition says, and read as it was written", () => {
      holds(anyOf(shape), (value) => {
        const { bytes } = writeShape(shape, value);
        assert.deepEqual(encode(codec, value), bytes);
        assert.deepEqual(structuredClone(decode(codec, bytes)), structuredClone(value));
      });
    });

    it("is refused with the field that is wrong, whatever is", () => {
      for (const value of values)
        for (const { title, path, bytes } of faultsOf(shape, value)) {
          try {
            refusesAt(path, () => decode(codec, bytes));
          } catch (cause) {
            throw new Error(`${title} at ${path}: ${Buffer.from(bytes).toString("hex")}`, { cause });
          }
        }
    });

    it("is refused at every other length", () => {
      for (const value of values) {
        const { bytes } = writeShape(shape, value);
        for (let length = 0; length < bytes.length; length += 1) {
          assert.throws(() => decode(codec, bytes.subarray(0, length)), CodecError);
        }
      }
    });
  });
}
