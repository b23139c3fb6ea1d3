import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const OLDEST_NODE = [20, 19];

/**
 * Makes sure that Node is new enough and that a package's node_modules holds what its package-lock.json says; runs `npm ci` there
 * if not.
 * @param {string} folder where the package is; the project's own unless another is named, whose scripts are not run
 */
export function ensureDependencies(folder = ".") {
  requireNode();
  const reason = whyStale(folder);
  if (reason === undefined) return;
  console.log(`Installing the dependencies${folder === "." ? "" : ` of ${folder}`} (${reason}) …`);
  const npm = process.env.npm_execpath;
  const args = ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  if (folder !== ".") args.push("--ignore-scripts");
  const { status } = npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd: folder, stdio: "inherit" })
    : spawnSync("npm", args, { cwd: folder, stdio: "inherit", shell: process.platform === "win32" });
  if (status !== 0) fail("npm ci failed: see above. The network or the registry may be out of reach; then try again.");
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  fail(
    `Node ${OLDEST_NODE.join(".")} or newer is needed; this is ${process.versions.node}. https://nodejs.org has it.`,
  );
}

/**
 * npm keeps a lock file of what it has installed: node_modules is stale when a wanted package differs there.
 * @param {string} folder
 */
function whyStale(folder) {
  const installed = packagesOf(join(folder, "node_modules/.package-lock.json"));
  if (installed === undefined) return "none are there";
  for (const [path, wanted] of Object.entries(packagesOf(join(folder, "package-lock.json")) ?? {})) {
    if (path === "" || wanted.link || (wanted.optional && !installed[path])) continue;
    if (installed[path]?.version !== wanted.version) return `${path.replace(/^.*node_modules\//, "")} is stale`;
  }
  return undefined;
}

/** @param {string} path */
function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(message);
  process.exit(1);
}
