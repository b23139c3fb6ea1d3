import { fileURLToPath } from "node:url";
import { ensureDependencies } from "./dependencies.mjs";
import { ensureBuilt } from "./freshness.mjs";

// Runs before node_modules exists, so everything that needs a package is imported after the installation.
process.chdir(fileURLToPath(new URL("..", import.meta.url)));
ensureDependencies();
if (!ensureBuilt()) process.exit(1);
const { register } = await import("tsx/esm/api");
register();
await import("./start-demo.ts");
