import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureBrowsers } from "./browsers.mjs";
import { ensureDependencies } from "./dependencies.mjs";
import { RESULTS_FILE, readResults } from "./results.mjs";
import { run } from "./run.mjs";
import { suites } from "./suites.mjs";

/**
 * `npm test`: every suite, from a machine with nothing but Node and npm. `npm test -- --only check mls`: the suites
 * named, and of the tests only the files whose path contains a word that names no suite.
 */
process.chdir(fileURLToPath(new URL("..", import.meta.url)));
ensureDependencies();

const words = process.argv.slice(2).filter((word) => word !== "--only");
const named = suites.filter(({ name }) => words.includes(name));
const filters = words.filter((word) => !suites.some(({ name }) => name === word));
const chosen = named.length > 0 ? named : suites.filter(({ takesFilters }) => takesFilters || filters.length === 0);

const wanted = [...new Set(chosen.flatMap(({ engines }) => engines ?? []))];
const engines = ensureBrowsers(wanted);
const scratch = mkdtempSync(join(tmpdir(), "mimi-test-"));
const total = { passed: 0, failed: 0 };
/** @type {string[]} */
const notRun = [];

for (const suite of chosen) await runSuite(suite);
rmSync(scratch, { recursive: true, force: true });

for (const engine of wanted.filter((name) => !engines.includes(name))) {
  notRun.push(`everything in ${engine}: it is not installed`);
  if (process.env.CI) total.failed += 1;
}
if (notRun.length > 0) console.log(`\nnot run:\n${notRun.map((line) => `  ${line}`).join("\n")}`);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;

/** @param {import("./suites.mjs").Suite} suite */
async function runSuite({ name, command, seconds, takesFilters = false, engines: needed = [] }) {
  const usable = needed.filter((engine) => engines.includes(engine));
  if (needed.length > 0 && usable.length === 0) return;
  console.log(`\n${name} (at most ${seconds} s)`);
  const file = join(scratch, `${name}.json`);
  const { code, seconds: taken } = await run([...command, ...(takesFilters ? filters : [])], {
    seconds,
    env: { [RESULTS_FILE]: file, MIMI_ENGINES: usable.join(",") },
  });
  const results = readResults(file) ?? { passed: code === 0 ? 1 : 0, failed: 0, notRun: [] };
  // A suite that ended badly without a failed test to show for it has failed as a whole.
  const failed = code !== 0 && results.failed === 0 ? 1 : results.failed;
  total.passed += results.passed;
  total.failed += failed;
  notRun.push(...results.notRun);
  const verdict = code === 124 ? "out of time" : failed > 0 || code !== 0 ? "failed" : "ok";
  console.log(`${name}: ${verdict}, ${results.passed} passed, ${failed} failed, ${taken.toFixed(1)} s`);
}
