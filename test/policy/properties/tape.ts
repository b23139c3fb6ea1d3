import fc from "fast-check";

/**
 * What chance decides, as a list of small numbers that are read one after the other: fast-check makes and shrinks such a list
 * far faster than a room. Past its end stand zeros, and 0 is always the simplest choice.
 */
export class Tape {
  readonly #numbers: readonly number[];
  #at = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  /** A number below `bound`. */
  below(bound: number): number {
    const number = this.#numbers[this.#at] ?? 0;
    this.#at += 1;
    return number % bound;
  }

  /** True once in `odds` times. */
  once(odds: number): boolean {
    return this.below(odds) === odds - 1;
  }

  /** One of `items`, which are not none. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  /** Whether anything is left to read. */
  get running(): boolean {
    return this.#at < this.#numbers.length;
  }
}

const SEED = 20231105;

/** Checks `predicate` for `numRuns` tapes of at most `length` numbers, the same ones every time. */
export function holdsForTapes(numRuns: number, length: number, predicate: (tape: Tape) => void): void {
  const numbers = fc.array(fc.nat(251), { maxLength: length, size: "max" });
  fc.assert(
    fc.property(numbers, (list) => predicate(new Tape(list))),
    { seed: SEED, numRuns, includeErrorInReport: true },
  );
}
