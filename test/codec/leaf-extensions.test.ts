import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CodecError } from "../../src/codec/codec-error.js";
import { checkNickname, clientBinding, nickname } from "../../src/codec/leaf-extensions.js";
import { decode, encode, text } from "../../src/codec/tls.js";
import { refusesAt, refusesEveryOtherLength } from "../support/codec-error.js";

describe("a nickname", () => {
  for (const [input, name] of [
    ["  Ada  ", "Ada"],
    ["Ame\u0301lie", "Am\u00e9lie"],
    ["👩‍👩‍👧", "👩‍👩‍👧"],
    ["x".repeat(80), "x".repeat(80)],
    ["🙂".repeat(80), "🙂".repeat(80)],
  ] as const) {
    it(`goes into a leaf trimmed and composed: ${JSON.stringify(input.slice(0, 12))}`, () => {
      assert.equal(checkNickname(input), name);
      assert.equal(decode(nickname, encode(nickname, input)), name);
    });
  }

  for (const [title, input] of [
    ["nothing", ""],
    ["blanks", " \u00a0 "],
    ["81 characters", "x".repeat(81)],
    ["a line break", "Ada\nLovelace"],
    ["a mark that turns the text around", "Ada\u202eecalevoL"],
    ["a lone surrogate", "\ud800"],
  ] as const) {
    it(`is not ${title}`, () => {
      assert.throws(() => encode(nickname, input), CodecError);
      if (title !== "a lone surrogate") refusesAt("", () => decode(nickname, encode(text, input)));
    });
  }
});

describe("clientBinding", () => {
  it("keeps key and signature, and refuses any other length", () => {
    const binding = { userKey: new Uint8Array(32).fill(1), signature: new Uint8Array(64).fill(2) };
    const bytes = encode(clientBinding, binding);
    assert.deepEqual(structuredClone(decode(clientBinding, bytes)), binding);
    refusesEveryOtherLength(bytes, (other) => decode(clientBinding, other));
  });
});
