import { problem } from "./engine-problem.js";

/** A surrogate without the other one of its pair: text that UTF-8 does not carry. */
const HALF_A_CHARACTER = /\p{Surrogate}/u;

/** A room's name as its policy states it. Throws EngineProblem `invalidRoomName` unless 1 to 200 characters remain, of well-formed text. */
export function readRoomName(input: string): string {
  const name = input.normalize("NFC").trim();
  const { length } = Array.from(name);
  // of what was given: normalize() puts U+FFFD in the place of half a character in one engine, and leaves it in another
  if (length < 1 || length > 200 || HALF_A_CHARACTER.test(input))
    throw problem("invalidRoomName", "A room's name has 1 to 200 characters.");
  return name;
}
