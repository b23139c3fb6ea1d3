import fc from "fast-check";
import { Chance, seedOf } from "./chance.js";
import type { Input, Subject } from "./decoder.js";
import { mutateBytes } from "./mutate-bytes.js";
import { mutateText } from "./mutate-text.js";
import { mutateTree } from "./mutate-tree.js";

/** So many arbitrary values are drawn at once. */
const DRAWN = 64;

const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 12 }),
  fc.uint8Array({ maxLength: 300 }),
  fc
    .array(fc.constantFrom(0, 1, 2, 0x40, 0x7f, 0x80, 0xff), { maxLength: 60 })
    .map((octets) => Uint8Array.from(octets)),
);
const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: "grapheme", maxLength: 200 }),
  fc.array(fc.nat(0xffff), { maxLength: 20 }).map((units) => String.fromCharCode(...units)),
  fc.json({ maxDepth: 5 }),
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
);

/** Makes the cases of one decoder: each from the run's seed and its number alone. */
export class CaseMaker {
  readonly #name: string;
  readonly #seed: number;
  #batch = -1;
  #drawn: readonly Input[] = [];

  constructor(name: string, seed: number) {
    this.#name = name;
    this.#seed = seed;
  }

  /** The case of that number; a valid input as it is, changed a little, made by one who knows the format, or arbitrary. */
  async make(subject: Subject, index: number): Promise<Input> {
    const chance = new Chance(seedOf(this.#seed, this.#name, index));
    const valid = chance.pick(subject.corpus);
    if (chance.once(40)) return valid;
    if (chance.once(16)) return this.#arbitrary(typeof valid, index);
    // what is text in a text is seldom worth more than a change that its reader still understands
    if (subject.vary !== undefined && !chance.once(typeof valid === "string" ? 8 : 3)) {
      const varied = await subject.vary(chance, valid);
      if (varied !== undefined) return chance.once(12) ? mutate(chance, varied, valid) : varied;
    }
    return mutate(chance, valid, chance.pick(subject.corpus));
  }

  #arbitrary(kind: string, index: number): Input {
    const batch = Math.floor(index / DRAWN);
    if (batch !== this.#batch) {
      const options = { seed: seedOf(this.#seed, this.#name, "arbitrary", batch), numRuns: DRAWN };
      this.#drawn = kind === "string" ? fc.sample(anyText, options) : fc.sample(anyBytes, options);
      this.#batch = batch;
    }
    return this.#drawn[index % DRAWN] ?? "";
  }
}

/** A JSON text with one thing in its value changed; undefined where it is none. */
export function varyJson(chance: Chance, valid: Input): string | undefined {
  try {
    return JSON.stringify(mutateTree(chance, JSON.parse(String(valid)) as unknown));
  } catch {
    return undefined;
  }
}

function mutate(chance: Chance, input: Input, other: Input): Input {
  if (typeof input === "string") return mutateText(chance, input, String(other));
  return mutateBytes(chance, input, typeof other === "string" ? input : other);
}
