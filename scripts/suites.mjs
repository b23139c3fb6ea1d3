/**
 * What `npm test` runs, in this order. `seconds` is the time a suite may take: it is ended and has failed after that.
 * Together they take about twenty-five minutes on a quiet machine with two cores; the limits leave room for one that is not.
 * @typedef {{ name: string, command: string[], seconds: number, takesFilters?: boolean, engines?: string[] }} Suite
 * @type {Suite[]}
 */
export const suites = [
  { name: "check", seconds: 150, command: ["node", "scripts/check.mjs"] },
  { name: "build", seconds: 60, command: ["node", "--import", "tsx", "scripts/build.ts"] },
  { name: "size", seconds: 20, command: ["node_modules/.bin/size-limit"] },
  { name: "coverage", seconds: 240, command: ["node", "scripts/coverage.mjs"] },
  { name: "node", seconds: 300, command: ["node", "scripts/node-tests.mjs"], takesFilters: true },
  {
    name: "browser",
    seconds: 600,
    command: ["node", "scripts/browser-tests.mjs"],
    takesFilters: true,
    engines: ["chromium", "firefox"],
  },
  {
    name: "crash",
    seconds: 500,
    command: ["node", "scripts/browser-tests.mjs", "--at-once=2", "test/crash/"],
    engines: ["chromium", "firefox"],
  },
  {
    name: "durability",
    seconds: 240,
    command: ["node", "scripts/browser-tests.mjs", "test/durability/"],
    engines: ["chromium"],
  },
  {
    name: "network",
    seconds: 600,
    command: ["node", "scripts/browser-tests.mjs", "test/network/"],
    engines: ["chromium", "firefox"],
  },
  { name: "interop", seconds: 500, command: ["node", "scripts/interop-tests.mjs"], engines: ["chromium"] },
  {
    name: "e2e",
    seconds: 600,
    command: ["node", "scripts/node-tests.mjs", "--e2e"],
    takesFilters: true,
    engines: ["chromium", "firefox", "webkit"],
  },
  { name: "house", seconds: 120, command: ["node", "scripts/node-tests.mjs", "test/house/"] },
];
