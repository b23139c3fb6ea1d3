import { expect } from "@open-wc/testing";
import { runCheck } from "../support/vectors/vector-check.js";
import { vectorChecks } from "../support/vectors/vector-checks.js";

async function fetchJson<T>(path: string): Promise<T> {
  const response = await fetch(path);
  expect(response.ok, path).to.equal(true);
  return (await response.json()) as T;
}

const { present, required } = await fetchJson<{ present: boolean; required: boolean }>("/__vectors.json");

describe("the MLS working group's vectors, in a browser", () => {
  if (!present) {
    // what is not there is named as not run on a developer's machine, and is a failure in CI
    it("agree with this code", function () {
      if (!required) this.skip();
      expect.fail("the vectors are not beside the project");
    });
  }
  for (const check of present ? vectorChecks : []) {
    it(`agree on ${check.title}`, async () => {
      const vectors = await fetchJson<unknown[]>(`/__vectors/mls/${check.file}`);
      expect(await runCheck(check, vectors)).to.be.greaterThan(0);
    }).timeout(60_000);
  }
});
