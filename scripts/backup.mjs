import { register } from "tsx/esm/api";

// `npm run backup -- <file>`: a copy of the database in DATA_DIR, while the provider runs (docs/operating.md, "Backup").
register();
const { backUp } = await import("../provider/node/backup.js");

const [file, ...rest] = process.argv.slice(2);
if (file === undefined || rest.length > 0) {
  console.error("usage: npm run backup -- <file>");
  process.exit(2);
}
const began = performance.now();
try {
  const { octets } = await backUp(process.env.DATA_DIR ?? "./data", file);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${file}: ${(octets / 1e6).toFixed(1)} MB in ${seconds} s, read back and whole`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
