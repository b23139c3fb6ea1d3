import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { RESULTS_FILE, type Results, readResults } from "../../scripts/results.mjs";
import { run } from "../../scripts/run.mjs";

const scratch = mkdtempSync(join(tmpdir(), "mimi-reporter-"));

/** What the reporter counts in a test file of this text. */
async function resultsOf(name: string, text: string): Promise<Results | undefined> {
  const file = join(scratch, `${name}.test.mjs`);
  const results = join(scratch, `${name}.json`);
  writeFileSync(file, `import { before, describe, it } from "node:test";\n${text}`);
  const command = [process.execPath, "--test", "--test-reporter=./scripts/node-test-reporter.mjs", file];
  // A test runner inside a test runner would report to the outer one.
  await run(command, { seconds: 30, capture: true, env: { [RESULTS_FILE]: results, NODE_TEST_CONTEXT: undefined } });
  return readResults(results);
}

describe("the reporter for node:test", () => {
  after(() => rmSync(scratch, { recursive: true, force: true }));

  it("counts tests and not the suites around them", async () => {
    const results = await resultsOf("nested", 'describe("a", () => { describe("b", () => { it("c", () => {}); }); });');
    assert.deepEqual(results, { passed: 1, failed: 0, notRun: [] });
  });

  it("counts a failed test once", async () => {
    const results = await resultsOf("failed", 'describe("a", () => { it("b", () => { throw new Error("no"); }); });');
    assert.deepEqual(results, { passed: 0, failed: 1, notRun: [] });
  });

  it("names a skipped test with its reason", async () => {
    const results = await resultsOf("skipped", 'it("a", { skip: "no such thing here" }, () => {});');
    assert.equal(results?.passed, 0);
    assert.match(results?.notRun[0] ?? "", /skipped\.test\.mjs: a \(no such thing here\)$/);
  });

  it("counts a file that cannot be loaded as failed", async () => {
    assert.equal((await resultsOf("broken", 'throw new Error("no");'))?.failed, 1);
  });

  it("counts a hook that fails", async () => {
    const text = 'describe("a", () => { before(() => { throw new Error("no"); }); it("b", () => {}); });';
    assert.ok(((await resultsOf("hook", text))?.failed ?? 0) > 0);
  });
});
