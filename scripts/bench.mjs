import { readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureBrowsers } from "./browsers.mjs";
import { ensureDependencies } from "./dependencies.mjs";
import { filesBelow } from "./files.mjs";
import { ensureBuilt } from "./freshness.mjs";
import { run } from "./run.mjs";

/**
 * `npm run bench [-- part of a file's name …]`: runs each bench/*.bench.ts alone and collects its figures, one JSON
 * object a line: `{ name, unit, value, limit?, … }`. Prints a table. With `--keep`, and whenever all are run, it is kept in
 * docs/performance.json and in the table of docs/performance.md, in the place of what these benches said before.
 * @typedef {{ name: string, unit: string, value: number, limit?: number, bench: string }} Figure
 */
const SECONDS = 300;
/** Those that take longer, by the file's name. @type {Record<string, number>} */
const LONGER = { week: 1800, recovery: 600, mls: 900 };
const MARKERS = { begin: "<!-- figures: npm run bench -->", end: "<!-- end of figures -->" };

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
ensureDependencies();
if (!ensureBuilt()) process.exit(1);
ensureBrowsers(["chromium"]);

const words = process.argv.slice(2);
const filters = words.filter((word) => word !== "--keep");
const files = filesBelow("bench")
  .filter((file) => file.endsWith(".bench.ts"))
  .filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)));

/** @type {Figure[]} */
const figures = [];
const benches = files.map((file) => basename(file, ".bench.ts"));
let broken = 0;
for (const [n, file] of files.entries()) {
  const bench = benches[n] ?? "";
  const most = LONGER[bench] ?? SECONDS;
  console.log(`${file} (at most ${most} s)`);
  const { code, output, seconds } = await run(["node", "--import", "tsx", file], { seconds: most, capture: true });
  figures.push(...figuresIn(output, bench));
  if (code === 0) console.log(`  ${seconds.toFixed(1)} s`);
  else console.log(`  failed (${code})\n${output.trim().replace(/^/gm, "    ")}`);
  if (code !== 0) broken += 1;
}

console.log(`\n${table(figures)}`);
if ((filters.length === 0 || words.includes("--keep")) && broken === 0) keep();
process.exitCode = broken > 0 ? 1 : 0;

/**
 * @param {string} output
 * @param {string} bench
 * @returns {Figure[]}
 */
function figuresIn(output, bench) {
  const lines = output.split("\n").filter((line) => line.startsWith("{"));
  return lines.map((line) => ({ bench, ...JSON.parse(line) }));
}

/** @param {Figure[]} of */
function table(of) {
  const rows = of.map(({ bench, name, value, unit, limit }) => {
    const bound = limit === undefined ? "" : `≤ ${limit}${value > limit ? " ✗" : ""}`;
    return `| ${bench} | ${name} | ${Number(value.toPrecision(4))} | ${unit} | ${bound} |`;
  });
  return ["| bench | figure | value | unit | bound |", "|---|---|---:|---|---|", ...rows].join("\n");
}

function keep() {
  const machine = {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
  };
  const date = new Date().toISOString().slice(0, 10);
  /** @type {{ figures: Figure[] }} */
  const before = JSON.parse(readFileSync("docs/performance.json", "utf8"));
  const others = before.figures.filter(({ bench }) => !benches.includes(bench));
  const all = [...others, ...figures].sort((a, b) => a.bench.localeCompare(b.bench));
  writeFileSync("docs/performance.json", `${JSON.stringify({ date, machine, figures: all }, null, 2)}\n`);
  const page = readFileSync("docs/performance.md", "utf8");
  const [head = "", rest = ""] = page.split(MARKERS.begin);
  const tail = rest.split(MARKERS.end)[1] ?? "";
  const where = `${date}, ${machine.cores} × ${machine.cpu}, ${machine.memoryGiB} GiB, Node ${machine.node}`;
  writeFileSync("docs/performance.md", `${head}${MARKERS.begin}\n\n${where}\n\n${table(all)}\n\n${MARKERS.end}${tail}`);
}
