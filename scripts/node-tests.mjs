import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { filesBelow } from "./files.mjs";
import { writeResults } from "./results.mjs";

/**
 * Runs tests under node:test: `node scripts/node-tests.mjs [--e2e] [part of a path …]`. Without `--e2e` every
 * test/**\/*.test.ts that is neither a browser's nor end to end.
 */
const words = process.argv.slice(2);
const e2e = words.includes("--e2e");
const filters = words.filter((word) => !word.startsWith("--"));

const files = filesBelow("test")
  .filter((file) => file.endsWith(".test.ts") && !file.endsWith(".browser.test.ts"))
  .filter((file) => file.startsWith("test/e2e/") === e2e)
  // The check of the checks takes as long as all other tests and is a suite of its own.
  .filter((file) => !file.startsWith("test/house/") || filters.some((filter) => file.includes(filter)))
  // scripts/coverage.mjs runs these, and says what none of them reaches.
  .filter((file) => !/^test\/(?:policy|codec)\//u.test(file) || filters.length > 0)
  .filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)));

if (files.length === 0) {
  console.log("  no test file matches");
  writeResults({ passed: 0, failed: filters.length === 0 ? 1 : 0, notRun: [] });
  process.exit(filters.length === 0 ? 1 : 0);
}

// End-to-end tests wait for browsers more than they work: two files at a time. Node's own default is one core less than there are.
const pace = [`--test-concurrency=${e2e ? 2 : Math.max(2, availableParallelism())}`];
const child = spawn(
  process.execPath,
  ["--import", "tsx", "--test", ...pace, "--test-reporter=./scripts/node-test-reporter.mjs", ...files],
  { stdio: "inherit" },
);
child.on("exit", (code) => process.exit(code ?? 1));
