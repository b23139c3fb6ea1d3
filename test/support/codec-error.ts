import assert from "node:assert/strict";
import { CodecError } from "../../src/codec/codec-error.js";

/** Asserts that `run` throws a CodecError at the field `path`. */
export function refusesAt(path: string, run: () => unknown): void {
  assert.throws(run, (error) => {
    assert.ok(error instanceof CodecError, `not a CodecError: ${error}`);
    assert.equal(error.path, path);
    assert.equal(error.code, "malformed");
    return true;
  });
}

/** Asserts that every proper beginning of `bytes`, and `bytes` with an octet more, make `read` throw a CodecError. */
export function refusesEveryOtherLength(bytes: Uint8Array, read: (bytes: Uint8Array) => unknown): void {
  const longer = new Uint8Array(bytes.length + 1);
  longer.set(bytes);
  for (let length = 0; length < bytes.length; length += 1) {
    assert.throws(() => read(bytes.subarray(0, length)), CodecError, `${length} of ${bytes.length} octets`);
  }
  assert.throws(() => read(longer), CodecError, "a trailing octet");
}
