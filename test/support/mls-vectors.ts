import { existsSync, readFileSync } from "node:fs";

const FOLDER = new URL("../../../shared/vectors/mls/", import.meta.url);

/** Why the working group's vectors do not run here; false where they do. They are read from beside the project, as in CI. */
export const withoutVectors = existsSync(FOLDER) ? false : "the MLS working group's vectors are not beside the project";

/** The vectors of that file for the cipher suite of rooms. */
export function readVectors<T>(file: string): readonly T[] {
  const all = JSON.parse(readFileSync(new URL(file, FOLDER), "utf8")) as readonly (T & { cipher_suite?: number })[];
  return all.filter(({ cipher_suite: suite }) => (suite ?? 1) === 1);
}
