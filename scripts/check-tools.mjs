const bin = (/** @type {string} */ name) => `node_modules/.bin/${name}`;
const realms = ["node", "drivers", "browser-tests", "worker", "dom", "shared"];
const linted = ["src", "components", "provider", "demo", "scripts", "test", "bench"];

/**
 * What `npm run check` runs, the slow ones first.
 * @type {readonly { name: string, command: string[] }[]}
 */
export const tools = [
  ...realms.map((realm) => ({ name: `tsc ${realm}`, command: [bin("tsc"), "-p", `tsconfig.${realm}.json`] })),
  { name: "dependency-cruiser", command: [bin("depcruise"), "--config", ".dependency-cruiser.cjs", ...linted] },
  { name: "knip", command: [bin("knip"), "--no-progress"] },
  { name: "publint", command: ["node", "scripts/check-package.mjs"] },
  { name: "biome", command: [bin("biome"), "check", "--max-diagnostics=50", "--colors=off", "."] },
  { name: "duplicate exports", command: ["node", "scripts/check-duplicate-exports.mjs"] },
  { name: "file size", command: ["node", "scripts/check-file-size.mjs"] },
];
