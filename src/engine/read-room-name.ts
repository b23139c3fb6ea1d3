import { problem } from "./engine-problem.js";

/** A room's name as its policy states it. Throws EngineProblem `invalidRoomName` unless 1 to 200 characters remain. */
export function readRoomName(input: string): string {
  const name = input.normalize("NFC").trim();
  const { length } = Array.from(name);
  if (length < 1 || length > 200) throw problem("invalidRoomName", "A room's name has 1 to 200 characters.");
  return name;
}
