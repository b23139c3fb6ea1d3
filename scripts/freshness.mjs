import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** What dist/ is made from. */
const SOURCES = [
  "components",
  "src",
  "index.html",
  "vite.config.ts",
  "scripts/build.ts",
  "scripts/organiser-tools.ts",
  "scripts/worker-source.ts",
  "scripts/vite-plugin-organiser-tools.ts",
  "scripts/vite-plugin-shared-lit.ts",
  "scripts/vite-plugin-worker-source.ts",
  "package-lock.json",
];

/** The file that a build writes last. */
const BUILT = "dist/sri.json";

/** Builds dist/ unless it is newer than all its sources. Returns whether dist/ is there now. */
export function ensureBuilt() {
  if (existsSync(BUILT) && statSync(BUILT).mtimeMs >= newest(SOURCES)) return true;
  console.log("Building dist/ …");
  return spawnSync(process.execPath, ["--import", "tsx", "scripts/build.ts"], { stdio: "inherit" }).status === 0;
}

/** @param {string[]} paths */
function newest(paths) {
  return Math.max(0, ...paths.filter((path) => existsSync(path)).map(newestIn));
}

/**
 * @param {string} path
 * @returns {number}
 */
function newestIn(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newestIn(join(path, name))));
}
