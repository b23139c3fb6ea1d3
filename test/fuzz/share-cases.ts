import type { Decoder } from "./decoder.js";

/** How many of `cases` each decoder gets, by its weight; one at least. */
export function shareCases(decoders: readonly Decoder[], cases: number): readonly (readonly [Decoder, number])[] {
  const whole = decoders.reduce((sum, { weight }) => sum + weight, 0);
  return decoders.map((decoder) => [decoder, Math.max(1, Math.ceil((cases * decoder.weight) / whole))]);
}
