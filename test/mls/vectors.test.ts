import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { runCheck } from "../support/vectors/vector-check.js";
import { vectorChecks } from "../support/vectors/vector-checks.js";

/** Beside the project, as in CI. */
const FOLDER = new URL("../../../shared/vectors/mls/", import.meta.url);
const present = existsSync(FOLDER);
// what is not there is named as not run on a developer's machine, and is a failure in CI
const absent = process.env.CI === "true" ? {} : { skip: "the vectors are not beside the project" };

describe("the MLS working group's vectors", () => {
  if (!present) it("agree with this code", absent, () => assert.fail("the vectors are not beside the project"));
  for (const check of present ? vectorChecks : []) {
    it(`agree on ${check.title}`, async (t) => {
      const vectors = JSON.parse(readFileSync(new URL(check.file, FOLDER), "utf8")) as unknown[];
      t.diagnostic(`${check.file}: ${await runCheck(check, vectors)} vectors`);
    });
  }
});
