import { register } from "tsx/esm/api";

// `npm run restore -- <file>`: puts a backup in the place of the database in DATA_DIR (docs/operating.md, "Backup").
register();
const { restore } = await import("../provider/node/backup.js");

const [file, ...rest] = process.argv.slice(2);
if (file === undefined || rest.length > 0) {
  console.error("usage: npm run restore -- <file>");
  process.exit(2);
}
try {
  const { kept } = await restore(process.env.DATA_DIR ?? "./data", file, new Date());
  console.log(`${file} is the database now.${kept === undefined ? "" : ` What was there before is kept: ${kept}`}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
