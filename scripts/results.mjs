import { readFileSync, writeFileSync } from "node:fs";

/**
 * What a suite hands to scripts/test.mjs: how many tests passed and failed, and which did not run (title and reason).
 * @typedef {{ passed: number, failed: number, notRun: string[] }} Results
 */

/** The environment variable that names the file to write results to. */
export const RESULTS_FILE = "MIMI_RESULTS";

/**
 * Writes the results where the runner of the suites looks for them; nowhere when nobody asked.
 * @param {Results} results
 */
export function writeResults(results) {
  const path = process.env[RESULTS_FILE];
  if (path) writeFileSync(path, JSON.stringify(results));
}

/**
 * The results that a suite left, or undefined when it left none (it crashed, or counts as a single test).
 * @param {string} path
 * @returns {Results | undefined}
 */
export function readResults(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
