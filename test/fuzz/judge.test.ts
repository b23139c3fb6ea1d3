import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CodecError } from "../../src/codec/codec-error.js";
import { Chance } from "./chance.js";
import { codecErrorCode, fieldErrorCode } from "./declared-errors.js";
import { bytesOf, type Decoder, type Input, type Subject } from "./decoder.js";
import { fuzz, replay } from "./fuzz.js";
import { describeFailure, hexOf, inputOf } from "./report.js";

const SEED = 7;

/** A decoder of octets that does what it is told, with `changes`. */
function decoderThat(read: (bytes: Uint8Array) => unknown, changes: Partial<Subject> = {}): Decoder {
  return {
    name: "test/decoder",
    covers: [],
    weight: 1,
    open: () => ({
      corpus: [Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)],
      read: (input) => read(bytesOf(input)),
      codeOf: codecErrorCode,
      ...changes,
    }),
  };
}

async function kindsOf(decoder: Decoder): Promise<string[]> {
  const { failures } = await fuzz({ decoder, seed: SEED, cases: 200 });
  return failures.map(({ kind }) => kind);
}

describe("a decoder that is put to its cases", () => {
  it("has no fault when it reads or refuses", async () => {
    const decoder = decoderThat((bytes) => {
      if (bytes.length > 8) throw new CodecError("field", "too long");
      return [...bytes];
    });
    const { failures, accepted, refused } = await fuzz({ decoder, seed: SEED, cases: 200 });
    assert.deepEqual(failures, []);
    assert.ok(accepted > 0 && (refused.get("malformed") ?? 0) > 0);
  });

  for (const [title, kind, decoder] of [
    [
      "throws what it does not declare",
      /^an error that is not declared \(RangeError/u,
      decoderThat((bytes) => never(bytes[0] !== 1)),
    ],
    ["throws an error without the field", /^an error that is not declared \(CodecError/u, pathless()],
    ["changes its input", /^changed its input$/u, decoderThat((bytes) => bytes.fill(9))],
    ["gives more than its input holds", /^grows$/u, decoderThat(() => new Uint8Array(100_000))],
    ["gives something else the second time", /^reads differently the second time$/u, moody()],
    ["refuses for another reason the second time", /^reads differently the second time$/u, moodyRefusal()],
    [
      "writes something else than it read",
      /^writes something else than it read$/u,
      decoderThat(() => 1, { write: () => new Uint8Array() }),
    ],
    ["is slow", /^slow$/u, decoderThat(() => busy(120), { repeatable: false, corpus: [new Uint8Array(1)] })],
    [
      "adds to what all objects inherit",
      /^changed a prototype$/u,
      decoderThat(() => Object.assign(Object.prototype, { polluted: 1 }) && 1),
    ],
  ] as const) {
    it(`is found out when it ${title}`, { timeout: 60_000 }, async () => {
      const [first = ""] = title === "is slow" ? [await slowKind(decoder)] : await kindsOf(decoder);
      assert.match(first, kind);
    });
  }

  it("is shown with the smallest case that fails, and how to see it again", async () => {
    const decoder = decoderThat((bytes) => never(bytes.includes(0x7f)));
    const { failures } = await fuzz({ decoder, seed: SEED, cases: 2000 });
    const [failure] = failures;
    assert.ok(failure);
    assert.deepEqual(failure.input, Uint8Array.of(0x7f));
    assert.match(describeFailure(failure), /npm run fuzz -- --only test\/decoder --hex 7f\n/u);
    await assert.rejects(replay(decoder, failure.input), { name: "Finding", kind: failure.kind });
  });

  it("gets the same cases from the same seed", async () => {
    const seen: Input[][] = [];
    for (const seed of [1, 1, 2]) {
      const inputs: Input[] = [];
      const decoder = decoderThat((bytes) => inputs.push(bytes.slice()) && 1, { repeatable: false });
      await fuzz({ decoder, seed, cases: 100 });
      seen.push(inputs);
    }
    assert.deepEqual(seen[0], seen[1]);
    assert.notDeepEqual(seen[0], seen[2]);
  });
});

describe("an input on the command line", () => {
  it("is read as it was written, also text that is not well-formed", () => {
    const chance = new Chance(1);
    for (const input of [new Uint8Array(), chance.bytes(20), "", "text", "\ud800 \u0000"]) {
      assert.deepEqual(inputOf(hexOf(input)), input);
    }
  });
});

function never(condition: boolean): number {
  if (condition) throw new RangeError("never");
  return 1;
}

function pathless(): Decoder {
  const read = () => {
    throw new CodecError("", "something is wrong");
  };
  return decoderThat(read, { codeOf: fieldErrorCode });
}

function moody(): Decoder {
  let count = 0;
  return decoderThat(() => {
    count += 1;
    return count;
  });
}

function moodyRefusal(): Decoder {
  let count = 0;
  return decoderThat(() => {
    count += 1;
    throw new CodecError(`field${count}`, "wrong");
  });
}

function busy(milliseconds: number): number {
  const until = process.cpuUsage().user + 1000 * milliseconds;
  while (process.cpuUsage().user < until);
  return 1;
}

async function slowKind(decoder: Decoder): Promise<string> {
  const found = await replay(decoder, new Uint8Array(1)).catch((error: unknown) => error);
  return found instanceof Error && "kind" in found ? String(found.kind) : "";
}
