import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { TestRunnerPlugin } from "@web/test-runner";

/** Beside the project, as in CI. */
const FOLDER = new URL("../../../shared/vectors/mls/", import.meta.url);
const PATH = /^\/__vectors\/mls\/([a-z_-]+\.json)$/u;

/**
 * Hands out the MLS working group's vectors to tests: `GET /__vectors/mls/welcome.json`. `GET /__vectors.json` says whether they are
 * there, and whether they have to be: `{ "present": true, "required": false }`.
 */
export function vectorsPlugin(environment: Readonly<Record<string, string | undefined>>): TestRunnerPlugin {
  return {
    name: "mimi-vectors",
    async serve({ path }) {
      if (path === "/__vectors.json") {
        return {
          body: JSON.stringify({ present: existsSync(FOLDER), required: environment.CI === "true" }),
          type: "json",
        };
      }
      const [, file] = PATH.exec(path) ?? [];
      return file === undefined ? undefined : { body: await readFile(new URL(file, FOLDER), "utf8"), type: "json" };
    },
  };
}
