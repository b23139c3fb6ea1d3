import { relative } from "node:path";
import { inspect } from "node:util";
import type { Reporter, TestResult, TestSession, TestSuiteResult } from "@web/test-runner";
import { writeResults } from "../results.mjs";

interface Counted {
  readonly title: string;
  readonly result: TestResult;
}

/**
 * A reporter for Web Test Runner: a line a file and engine, what tests log after "» ", failures in full, and the counts for
 * scripts/test.mjs.
 */
export function countingReporter(): Reporter {
  return {
    reportTestFileResults({ logger, sessionsForTestFile }) {
      for (const session of sessionsForTestFile) for (const line of describeSession(session)) logger.log(line);
    },
    onTestRunFinished({ sessions }) {
      const results = { passed: 0, failed: 0, notRun: [] as string[] };
      for (const session of sessions) {
        const tests = testsOf(session);
        results.passed += tests.filter(({ result }) => result.passed && !result.skipped).length;
        results.failed += tests.filter(failed).length + faultsOf(session);
        for (const { title, result } of tests) {
          if (result.skipped) results.notRun.push(`${fileOf(session)} in ${session.browser.name}: ${title}`);
        }
      }
      for (const line of visitedInAll(sessions)) console.log(`  ${line}`);
      writeResults(results);
      console.log(`  ${results.passed} passed, ${results.failed} failed`);
    },
  };
}

/** The sum of what tests told as "» what: name: 12 of 34 visited", by engine. */
function visitedInAll(sessions: TestSession[]): string[] {
  const sums = new Map<string, { visited: number; all: number }>();
  for (const { browser, logs } of sessions) {
    for (const [line] of logs) {
      const [, what, visited, all] = /^» ([^:]+): .*?: (\d+) of (\d+) visited/u.exec(String(line)) ?? [];
      if (what === undefined) continue;
      const sum = sums.get(`${what} in ${browser.name}`) ?? { visited: 0, all: 0 };
      sums.set(`${what} in ${browser.name}`, { visited: sum.visited + Number(visited), all: sum.all + Number(all) });
    }
  }
  return [...sums].map(([what, { visited, all }]) => `${what}: ${visited} of ${all} visited in all`);
}

function* describeSession(session: TestSession): Iterable<string> {
  const tests = testsOf(session);
  const failures = tests.filter(failed);
  const good = failures.length === 0 && faultsOf(session) === 0;
  const ran = tests.filter(({ result }) => !result.skipped).length;
  yield `  ${good ? "✓" : "✗"} ${fileOf(session)}  ${session.browser.name}  ${ran - failures.length}/${ran}`;
  // What a test has counted or measured is told also when all is well.
  for (const log of session.logs) if (String(log[0]).startsWith("» ")) yield `    ${log[0]}`;
  if (good) return;
  for (const { title, result } of failures) {
    yield `\n    ✗ ${title}\n${indent(`${result.error?.message ?? "failed"}\n${result.error?.stack ?? ""}`)}`;
    if (result.error?.expected !== undefined) yield indent(`expected: ${result.error.expected}`);
    if (result.error?.actual !== undefined) yield indent(`actual:   ${result.error.actual}`);
  }
  for (const error of session.errors) yield indent(error.stack ?? error.message);
  for (const path of session.request404s) yield indent(`404: ${path}`);
  for (const log of session.logs.slice(-20)) yield indent(`console: ${log.map((item) => text(item)).join(" ")}`);
}

function testsOf(session: TestSession): Counted[] {
  const collect = (suite: TestSuiteResult, path: string): Counted[] => [
    ...suite.tests.map((result) => ({ title: `${path}${result.name}`, result })),
    ...suite.suites.flatMap((child) => collect(child, `${path}${child.name} › `)),
  ];
  return session.testResults ? collect(session.testResults, "") : [];
}

function failed({ result }: Counted): boolean {
  return !result.passed && !result.skipped;
}

/** A file that could not load, timed out or failed outside a test counts as one failure. */
function faultsOf(session: TestSession): number {
  const failures = testsOf(session).filter(failed).length;
  const empty = testsOf(session).length === 0;
  return session.errors.length > 0 || empty || (session.passed === false && failures === 0) ? 1 : 0;
}

function fileOf(session: TestSession): string {
  return relative(process.cwd(), session.testFile);
}

function text(item: unknown): string {
  return typeof item === "string" ? item : inspect(item);
}

function indent(lines: string): string {
  return lines.replace(/^/gm, "      ");
}
