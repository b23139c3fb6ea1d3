import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { SourceMap } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript";
import { filesBelow } from "./files.mjs";
import { run } from "./run.mjs";

/**
 * `npm run coverage [-- policy | codec]`: runs the tests of src/policy and src/codec, and names every line and branch there that none of
 * them reaches.
 * From what V8 counts, block by block, through the source maps that tsx leaves; no tool that guesses lines stands between.
 *
 * @typedef {{ startOffset: number, endOffset: number, count: number }} Range
 * @typedef {{ lineLengths: number[], data: import("node:module").SourceMapPayload }} CachedMap
 * @typedef {{ result: { url: string, functions: { ranges: Range[] }[] }[], "source-map-cache"?: Record<string, CachedMap> }} Report
 */
const AREAS = ["policy", "codec"].filter((area) => process.argv.length < 3 || process.argv.includes(area));

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const tests = AREAS.flatMap((area) => filesBelow(`test/${area}`)).filter((file) => file.endsWith(".test.ts"));
const folder = mkdtempSync(join(tmpdir(), "coverage-"));
const options = ["--test-concurrency=2", "--test-reporter=./scripts/node-test-reporter.mjs"];
const { code } = await run(["node", "--import", "tsx", "--test", ...options, ...tests], {
  seconds: 220,
  env: { NODE_V8_COVERAGE: folder },
});
const reports = readdirSync(folder).map((name) => reportIn(join(folder, name)));
rmSync(folder, { recursive: true });

let missed = 0;
for (const file of AREAS.flatMap((area) => filesBelow(`src/${area}`)).filter(hasCode)) {
  const places = unreachedIn(file);
  missed += places.length;
  for (const place of places) console.log(`  ✗ ${file}:${place}`);
}
console.log(missed === 0 ? `  ${AREAS.join(" and ")}: every line and branch is reached` : `  ${missed} not reached`);
process.exitCode = code === 0 && missed === 0 ? 0 : 1;

/**
 * @param {string} path
 * @returns {Report}
 */
function reportIn(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}

/**
 * Whether anything is left of a module when its types are gone.
 * @param {string} file
 */
function hasCode(file) {
  const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ESNext, removeComments: true };
  const { outputText } = ts.transpileModule(readFileSync(file, "utf8"), { compilerOptions: options });
  return !/^\s*(?:export \{\s*\};)?\s*$/u.test(outputText);
}

/**
 * The places, `line:column`, at which blocks begin that no process has run.
 * @param {string} file
 * @returns {string[]}
 */
function unreachedIn(file) {
  const { href } = pathToFileURL(file);
  /** @type {Uint8Array | undefined} */
  let reached;
  /** @type {CachedMap | undefined} */
  let cached;
  for (const { result, "source-map-cache": maps } of reports) {
    for (const script of result.filter(({ url }) => url === href)) {
      const runs = reachedBy(script.functions.map(({ ranges }) => ranges));
      reached = reached?.map((octet, at) => octet | (runs[at] ?? 0)) ?? runs;
      cached ??= maps?.[href];
    }
  }
  if (reached === undefined || cached === undefined) return ["1:1 is never loaded"];
  const map = new SourceMap(cached.data);
  const places = new Set();
  for (const [at, octet] of reached.entries()) {
    if (octet === 0 && (at === 0 || reached[at - 1] === 1)) places.add(placeOf(map, cached.lineLengths, at));
  }
  return [...places];
}

/**
 * What a process has run, character by character: an inner range stands after the one that it is in, and above it.
 * @param {Range[][]} functions
 */
function reachedBy(functions) {
  const reached = new Uint8Array(Math.max(...functions.flat().map(({ endOffset }) => endOffset)));
  // those of a function that was never called are none of its caller's
  for (const ranges of functions) {
    for (const { startOffset, endOffset, count } of ranges) reached.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  }
  return reached;
}

/**
 * @param {SourceMap} map
 * @param {number[]} lineLengths
 * @param {number} offset
 */
function placeOf(map, lineLengths, offset) {
  let [line, column] = [0, offset];
  for (const length of lineLengths) {
    if (column <= length) break;
    column -= length + 1;
    line += 1;
  }
  const entry = map.findEntry(line, column);
  return "originalLine" in entry ? `${entry.originalLine + 1}:${entry.originalColumn + 1}` : `? (${offset})`;
}
