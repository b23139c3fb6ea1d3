import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * The browser engines that the tests drive, the names that each may go by, and Debian's package for it.
 * @type {Record<string, { programs: string[], debian: string }>}
 */
export const ENGINES = {
  chromium: { programs: ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"], debian: "chromium" },
  firefox: { programs: ["firefox-esr", "firefox"], debian: "firefox-esr" },
  webkit: { programs: ["WebKitWebDriver"], debian: "webkit2gtk-driver" },
};

/** @type {Record<string, string[]>} */
const MAC_APPLICATIONS = {
  chromium: [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ],
  firefox: ["/Applications/Firefox.app/Contents/MacOS/firefox"],
};

/**
 * Where an engine's program is: MIMI_CHROMIUM, MIMI_FIREFOX or MIMI_WEBKIT, else the first of its names on PATH.
 * @param {string} engine
 * @returns {string | undefined}
 */
export function findEngine(engine) {
  const named = process.env[`MIMI_${engine.toUpperCase()}`];
  if (named) return executable(named) ? named : undefined;
  const programs = ENGINES[engine]?.programs ?? [];
  return programs.map(findProgram).find(Boolean) ?? MAC_APPLICATIONS[engine]?.find(executable);
}

/**
 * Where a program is on PATH.
 * @param {string} program
 * @returns {string | undefined}
 */
export function findProgram(program) {
  const directories = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return directories.map((directory) => join(directory, program)).find(executable);
}

/** @param {string} path */
function executable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
