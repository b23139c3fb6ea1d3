import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { writeResults } from "./results.mjs";

/** @typedef {import("node:test").EventData.TestPass | import("node:test").EventData.TestFail} TestEnd */

/**
 * A reporter for node:test: every failure in full, then a line a file, and the counts for scripts/test.mjs.
 * @param {AsyncIterable<import("node:test/reporters").TestEvent>} events
 */
export default async function* report(events) {
  /** @type {import("./results.mjs").Results} */
  const results = { passed: 0, failed: 0, notRun: [] };
  const files = new Map();
  for await (const { type, data } of events) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    const error = "error" in data.details ? data.details.error : undefined;
    // A suite fails with its tests; only a failure that no test of it had (a hook's) counts for itself.
    if (data.details.type === "suite" && (error === undefined || failureType(error) === "subtestsFailed")) continue;
    const file = fileOf(data);
    const counts = files.get(file) ?? { passed: 0, failed: 0 };
    files.set(file, counts);
    if (data.skip !== undefined || data.todo !== undefined) {
      results.notRun.push(`${file}: ${data.name}${typeof data.skip === "string" ? ` (${data.skip})` : ""}`);
    } else if (error === undefined) {
      results.passed += 1;
      counts.passed += 1;
    } else {
      results.failed += 1;
      counts.failed += 1;
      yield `\n  ✗ ${file} › ${data.name}\n${indent(explain(error))}\n`;
    }
  }
  for (const [file, { passed, failed }] of files)
    yield `  ${failed ? "✗" : "✓"} ${file}  ${passed}/${passed + failed}\n`;
  for (const title of results.notRun) yield `  - not run: ${title}\n`;
  yield `  ${results.passed} passed, ${results.failed} failed\n`;
  writeResults(results);
}

/** @param {TestEnd} end */
function fileOf({ file, name }) {
  if (!file) return relative(process.cwd(), name);
  return relative(process.cwd(), file.startsWith("file:") ? fileURLToPath(file) : file);
}

/** @param {Error} error */
function failureType(error) {
  return "failureType" in error ? error.failureType : undefined;
}

/** @param {Error} error */
function explain(error) {
  const cause = error.cause ?? error;
  return cause instanceof Error ? (cause.stack ?? cause.message) : inspect(cause);
}

/** @param {string} text */
function indent(text) {
  return text.replace(/^/gm, "      ");
}
