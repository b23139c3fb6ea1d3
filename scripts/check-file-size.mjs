import { readFileSync } from "node:fs";
import { filesBelow } from "./files.mjs";

const LIMIT = 300;

/** Files that may be longer, each with its reason. @type {Record<string, string>} */
const EXCEPTIONS = {};

const folders = ["src", "components", "provider", "demo", "scripts", "test", "bench"];
const long = folders
  .flatMap(filesBelow)
  .filter((file) => /\.(ts|mjs|css|html)$/.test(file) && !(file in EXCEPTIONS))
  .map((file) => ({ file, lines: readFileSync(file, "utf8").split("\n").length - 1 }))
  .filter(({ lines }) => lines > LIMIT);

for (const { file, lines } of long) console.log(`${file} has ${lines} lines: over ${LIMIT}, it wants to be two`);
process.exitCode = long.length > 0 ? 1 : 0;
