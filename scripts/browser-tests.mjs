import { spawn } from "node:child_process";
import { filesBelow } from "./files.mjs";
import { writeResults } from "./results.mjs";

/**
 * Runs test/**\/*.browser.test.ts in the browsers found: `node scripts/browser-tests.mjs [part of a path …]`. Those under
 * test/crash, test/durability, test/interop and test/network are suites of their own: they have to be named. `--at-once=2`: so many
 * files at once in each browser, for those that wait more than they work and look at no focus.
 */
const words = process.argv.slice(2);
const filters = words.filter((word) => !word.startsWith("--"));
const atOnce = words.find((word) => word.startsWith("--at-once="))?.split("=")[1] ?? "1";
const files = filesBelow("test")
  .filter((file) => file.endsWith(".browser.test.ts"))
  .filter(
    (file) =>
      !/^test\/(?:crash|durability|interop|network)\//u.test(file) || filters.some((filter) => file.includes(filter)),
  )
  .filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)));

if (files.length === 0) {
  console.log("  no test file matches");
  writeResults({ passed: 0, failed: filters.length === 0 ? 1 : 0, notRun: [] });
  process.exit(filters.length === 0 ? 1 : 0);
}

const child = spawn(process.execPath, ["node_modules/.bin/wtr", "--concurrency", atOnce, "--files", ...files], {
  stdio: "inherit",
});
child.on("exit", (code) => process.exit(code ?? 1));
