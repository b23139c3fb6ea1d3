import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { ENGINES, findEngine, findProgram } from "./engines.mjs";

/**
 * Makes sure of the browsers that the tests drive: uses what is there; on Debian as root installs the rest by apt.
 * Prints what is missing still and how to get it. Returns the engines that are there.
 * @param {readonly string[]} wanted
 * @returns {string[]}
 */
export function ensureBrowsers(wanted) {
  const missing = missingPackages(wanted);
  if (missing.length > 0 && isDebian() && process.getuid?.() === 0) install(missing);
  const present = wanted.filter(isPresent);
  const absent = wanted.filter((engine) => !present.includes(engine));
  if (absent.length > 0) console.log(howToGet(absent));
  return present;
}

/** WebKit's test browser has no headless mode: without a display it needs Xvfb. @param {string} engine */
function isPresent(engine) {
  return findEngine(engine) !== undefined && (engine !== "webkit" || findProgram("Xvfb") !== undefined);
}

/** @param {readonly string[]} wanted */
function missingPackages(wanted) {
  const engines = wanted
    .filter((engine) => findEngine(engine) === undefined)
    .map((engine) => ENGINES[engine]?.debian ?? engine);
  return wanted.includes("webkit") && findProgram("Xvfb") === undefined ? [...engines, "xvfb"] : engines;
}

function isDebian() {
  try {
    return /^ID="?debian"?$/m.test(readFileSync("/etc/os-release", "utf8"));
  } catch {
    return false;
  }
}

/** @param {string[]} packages */
function install(packages) {
  console.log(`Installing ${packages.join(", ")} by apt …`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (/** @type {string[]} */ ...args) =>
    spawnSync("apt-get", ["-qq", "-o", "Dpkg::Use-Pty=0", ...args], { stdio: ["ignore", "ignore", "inherit"], env });
  apt("update");
  apt("install", "-y", "--no-install-recommends", ...packages);
}

/** @param {string[]} absent */
function howToGet(absent) {
  const packages = missingPackages(absent).join(" ");
  const lines = absent.map(
    (engine) => `  ${engine}: none of ${(ENGINES[engine]?.programs ?? []).join(", ")} is on PATH`,
  );
  return [
    "Not every browser is here:",
    ...lines,
    `  Debian: sudo apt-get install ${packages}`,
    "  elsewhere: install Chromium or Chrome, Firefox; WebKit's driver (WebKitWebDriver, Xvfb) exists on Linux only.",
    "  A program in another place: MIMI_CHROMIUM, MIMI_FIREFOX, MIMI_WEBKIT name it.",
  ].join("\n");
}
