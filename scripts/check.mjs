import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { tools } from "./check-tools.mjs";
import { writeResults } from "./results.mjs";
import { run } from "./run.mjs";

/** `npm run check [-- part of a tool's name …]`: all tools at once, a line each, and the output of those that fail. */
process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const filters = process.argv.slice(2);
const waiting = tools.filter(({ name }) => filters.length === 0 || filters.some((filter) => name.includes(filter)));
const results = { passed: 0, failed: 0, notRun: [] };
const started = performance.now();

await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work));
console.log(`  ${((performance.now() - started) / 1000).toFixed(1).padStart(5)} s  in all`);
writeResults(results);
process.exitCode = results.failed > 0 ? 1 : 0;

async function work() {
  for (let tool = waiting.shift(); tool !== undefined; tool = waiting.shift()) {
    const { code, seconds, output } = await run(tool.command, { seconds: 140, capture: true });
    const good = code === 0;
    results[good ? "passed" : "failed"] += 1;
    console.log(`  ${seconds.toFixed(1).padStart(5)} s  ${good ? "✓" : "✗"} ${tool.name}`);
    if (!good) console.log(output.trim().replace(/^/gm, "      "));
  }
}
