import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { ensureDependencies } from "./dependencies.mjs";

/**
 * `npm run test:interop`: our group layer against OpenMLS, in Chromium. OpenMLS is a package of its own under test/interop, and
 * is installed when it is not there.
 */
process.chdir(fileURLToPath(new URL("..", import.meta.url)));
ensureDependencies("test/interop");

const child = spawn(process.execPath, ["scripts/browser-tests.mjs", "test/interop/"], {
  stdio: "inherit",
  env: { ...process.env, MIMI_ENGINES: "chromium" },
});
child.on("exit", (code) => process.exit(code ?? 1));
