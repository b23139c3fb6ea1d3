import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "vite";
import { buildOrganiserTools } from "./organiser-tools.js";
import { buildWorker, LICENSES } from "./worker-source.js";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
process.env.NODE_ENV = "production";

// Built aside and put in place at the end: whoever serves or reads dist/ meanwhile finds it whole.
const fresh = `.tsbuild/dist-${process.pid}`;
await rm(fresh, { recursive: true, force: true });
await mkdir(fresh, { recursive: true });

const worker = await buildWorker();
await writeFile(`${fresh}/mimi-worker.js`, worker.source);
const tools = await buildOrganiserTools();
await writeFile(`${fresh}/${tools.file}`, tools.source);
await build({ mode: "element", build: { outDir: fresh } });
await build({ mode: "app", build: { outDir: `${fresh}/app` } });
await appendFile(`${fresh}/${LICENSES}`, `\n${worker.licenses}`);
await writeManifest();
await writeHashes(["mimi-room.js", "mimi-worker.js", tools.file]);
await rm("dist", { recursive: true, force: true });
await rename(fresh, "dist");

/** custom-elements.json: what editors and framework wrappers read of the elements. */
async function writeManifest(): Promise<void> {
  const options = ["--config", "scripts/custom-elements-manifest.config.mjs", "--outdir", fresh];
  await promisify(execFile)("node_modules/.bin/cem", ["analyze", ...options]);
}

/** sri.json: what a page puts into `integrity`, by file. */
async function writeHashes(files: readonly string[]): Promise<void> {
  const hashes: Record<string, string> = {};
  for (const file of files) {
    const digest = createHash("sha384")
      .update(await readFile(`${fresh}/${file}`))
      .digest("base64");
    hashes[file] = `sha384-${digest}`;
    console.log(`dist/${file}  ${hashes[file]}`);
  }
  await writeFile(`${fresh}/sri.json`, `${JSON.stringify(hashes, null, 2)}\n`);
}
