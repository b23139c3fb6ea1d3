import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { ensureDependencies } from "./dependencies.mjs";

/**
 * `npm run fuzz -- [--cases 100000] [--only part of a decoder's name] [--seed 1]`: puts every decoder that reads what
 * somebody else sent to changed and arbitrary inputs. `--hex` or `--at` with a seed shows one case again.
 */
process.chdir(fileURLToPath(new URL("..", import.meta.url)));
ensureDependencies();

const child = spawn(
  process.execPath,
  ["--expose-gc", "--import", "tsx", "test/fuzz/command-line.ts", ...process.argv.slice(2)],
  { stdio: "inherit" },
);
child.on("exit", (code) => process.exit(code ?? 1));
