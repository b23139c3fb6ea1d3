import fc from "fast-check";

/** Checks a property with a fixed seed, so that a failure here is a failure everywhere. */
export function holds<T>(arbitrary: fc.Arbitrary<T>, predicate: (value: T) => void): void {
  fc.assert(fc.property(arbitrary, predicate), { seed: 20231105, numRuns: 200 });
}
