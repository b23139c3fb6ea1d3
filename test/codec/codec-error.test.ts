import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CodecError, unlessMalformed } from "../../src/codec/codec-error.js";

describe("unlessMalformed", () => {
  it("gives what is read", () =>
    assert.equal(
      unlessMalformed(() => 7),
      7,
    ));

  it("is undefined for what is malformed", () => {
    assert.equal(
      unlessMalformed(() => {
        throw new CodecError("field", "reason");
      }),
      undefined,
    );
  });

  it("hides no other fault", () => {
    const fault = new RangeError("a fault of the program");
    assert.throws(
      () =>
        unlessMalformed(() => {
          throw fault;
        }),
      fault,
    );
  });
});
