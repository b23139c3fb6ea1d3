import { concat } from "../../src/codec/bytes.js";
import type { Input } from "./decoder.js";

/** So long it is tried, in milliseconds. */
const PATIENCE = 10_000;

/** The smallest input found that still fails: pieces are taken out, then octets made zero and letters `a`. */
export async function shrink(input: Input, fails: (input: Input) => Promise<boolean>): Promise<Input> {
  const until = performance.now() + PATIENCE;
  let smallest = input;
  for (let piece = Math.ceil(input.length / 2); piece >= 1; piece = piece === 1 ? 0 : Math.ceil(piece / 2)) {
    for (let at = 0; at < smallest.length && performance.now() < until; ) {
      const smaller = without(smallest, at, piece);
      if (await fails(smaller)) smallest = smaller;
      else at += piece;
    }
  }
  for (let at = 0; at < smallest.length && performance.now() < until; at++) {
    const plainer = plain(smallest, at);
    if (plainer !== undefined && (await fails(plainer))) smallest = plainer;
  }
  return smallest;
}

function without(input: Input, at: number, length: number): Input {
  if (typeof input === "string") return input.slice(0, at) + input.slice(at + length);
  return concat(input.subarray(0, at), input.subarray(at + length));
}

function plain(input: Input, at: number): Input | undefined {
  if (typeof input === "string") return input[at] === "a" ? undefined : `${input.slice(0, at)}a${input.slice(at + 1)}`;
  return input[at] === 0 ? undefined : input.with(at, 0);
}
