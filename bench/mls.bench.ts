/**
 * What a group costs in src/mls and in OpenMLS (core-crypto, in WebAssembly): the same things, in turn, in one page of Chromium, with
 * clients of both in the same group. `MIMI_MLS_SIZES=10,100` measures small groups only.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { type CDPSession, launch, type Page } from "puppeteer-core";
import { createServer } from "vite";
import { ensureDependencies } from "../scripts/dependencies.mjs";
import { CHROMIUM_FLAGS, chromiumPath } from "../test/support/browser-puppeteer.js";
import { printFigure } from "./figure.js";
import type { Profiled } from "./mls/page.js";
import { timeByPart } from "./mls/time-by-part.js";

const SIZES = (process.env.MIMI_MLS_SIZES ?? "10,100,1000").split(",").map(Number);
/** What the product promises of src/mls, milliseconds by name. */
const LIMITS: Readonly<Record<string, number>> = { "1000: process a commit": 100, "1000: external join": 1500 };
/** Microseconds between two looks at what runs. */
const INTERVAL = 100;
const PAGE = "/mls";

ensureDependencies("test/interop");
const executablePath = chromiumPath();
if (executablePath === undefined) throw new Error("Chromium is not on this machine");
// Modules are served one by one: a profile then says by its files what the time goes into.
const server = await createServer({
  configFile: false,
  appType: "custom",
  logLevel: "error",
  cacheDir: ".tsbuild/vite",
  optimizeDeps: { noDiscovery: true },
  server: { port: 0, hmr: false, watch: null },
  plugins: [{ name: "empty-page", configureServer: ({ middlewares }) => void middlewares.use(PAGE, answerEmptyPage) }],
});
await server.listen();
const browser = await launch({ executablePath, args: CHROMIUM_FLAGS, protocolTimeout: 1_200_000 });
try {
  const page = await browser.newPage();
  page.on("pageerror", (fault) => console.error(fault));
  page.on("console", (message) => console.error(message.text()));
  await page.goto(new URL(PAGE, server.resolvedUrls?.local[0]).href);
  await page.addScriptTag({ type: "module", url: "/bench/mls/page.ts" });
  await page.waitForFunction(() => window.mlsBench !== undefined);
  const profiler = await page.createCDPSession();
  await profiler.send("Profiler.enable");
  await profiler.send("Profiler.setSamplingInterval", { interval: INTERVAL });
  // what runs for the first time is compiled meanwhile
  await page.evaluate((size) => window.mlsBench.measure(size), Math.min(...SIZES));
  const times = new Map<string, number>();
  for (const size of SIZES) {
    const measured = await page.evaluate((size) => window.mlsBench.measure(size), size);
    for (const { implementation, what, unit, value } of measured) {
      const limit = implementation === "src/mls" ? LIMITS[`${size}: ${what}`] : undefined;
      times.set(`${implementation}, ${size}: ${what}`, value);
      const name = `${implementation}, ${size}: ${what}`;
      printFigure(
        unit === "ms" ? { name, unit, value, ...(limit && { limit }) } : { name, unit: "KiB", value: value / 1024 },
      );
    }
  }
  const encryption = [SIZES.at(-1), SIZES[0]].map(
    (size) => times.get(`src/mls, ${size}: encrypt 200 octets`) ?? Number.NaN,
  );
  const [large = Number.NaN, small = Number.NaN] = encryption;
  printFigure({
    name: "src/mls: encrypt in the largest group against the smallest",
    unit: "×",
    value: large / small,
    limit: 2,
  });
  for (const what of ["process a commit", "external join"] as const) {
    for (const [part, value] of await parts(page, profiler, what)) {
      printFigure({ name: `src/mls, ${SIZES.at(-1)}, where the time goes: ${what}: ${part}`, unit: "ms", value });
    }
  }
} finally {
  await browser.close();
  await server.close();
}

function answerEmptyPage(_request: IncomingMessage, response: ServerResponse): void {
  response.setHeader("content-type", "text/html").end("<!doctype html><title>MLS</title>");
}

/** Milliseconds by part of the work. A join is looked at once: the second time it knows everybody's keys. */
async function parts(page: Page, profiler: CDPSession, what: Profiled): Promise<Map<string, number>> {
  const runs = what === "external join" ? 1 : 5;
  await page.evaluate((what) => window.mlsBench.prepare(what), what);
  await profiler.send("Profiler.start");
  const traced = await page.evaluate((runs) => window.mlsBench.run(runs), runs);
  const { profile } = await profiler.send("Profiler.stop");
  return timeByPart(profile, traced, runs);
}
