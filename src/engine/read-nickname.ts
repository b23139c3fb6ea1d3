import { checkNickname } from "../codec/leaf-extensions.js";
import { problem } from "./engine-problem.js";

/** A nickname as it goes into a leaf. Throws EngineProblem `invalidNickname`. */
export function readNickname(input: string): string {
  try {
    return checkNickname(input);
  } catch (error) {
    throw problem("invalidNickname", String(error));
  }
}
