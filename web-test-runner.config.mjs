import { esbuildPlugin } from "@web/dev-server-esbuild";
import { chromeLauncher } from "@web/test-runner";
import { register } from "tsx/esm/api";
import { findEngine } from "./scripts/engines.mjs";

// @web/test-runner reads JavaScript configurations only; what it shares with the build is TypeScript.
register();
const { countingReporter } = await import("./scripts/wtr/counting-reporter.ts");
const { organiserToolsWtrPlugin } = await import("./scripts/wtr/organiser-tools-plugin.ts");
const { providerChildPlugin } = await import("./scripts/wtr/provider-child-plugin.ts");
const { providerPlugin } = await import("./scripts/wtr/provider-plugin.ts");
const { schedulesPlugin } = await import("./scripts/wtr/schedules-plugin.ts");
const { vectorsPlugin } = await import("./scripts/wtr/vectors-plugin.ts");
const { workerSourceWtrPlugin } = await import("./scripts/wtr/worker-source-plugin.ts");

const wanted = (process.env.MIMI_ENGINES ?? "chromium,firefox").split(",");

/** @type {Record<string, (executablePath: string) => import("@web/test-runner").BrowserLauncher>} */
const launchers = {
  chromium: (executablePath) =>
    chromeLauncher({
      launchOptions: {
        executablePath,
        args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
      },
      createBrowserContext: ({ browser }) => browser.createBrowserContext(),
    }),
  firefox: (executablePath) =>
    chromeLauncher({
      launchOptions: { browser: "firefox", executablePath },
      createBrowserContext: ({ browser }) => browser.createBrowserContext(),
    }),
};

const browsers = Object.entries(launchers).flatMap(([name, launch]) => {
  const program = wanted.includes(name) ? findEngine(name) : undefined;
  return program === undefined ? [] : [Object.assign(launch(program), { name })];
});

/** @type {import("@web/test-runner").TestRunnerConfig} */
export default {
  files: "test/**/*.browser.test.ts",
  rootDir: import.meta.dirname,
  browsers,
  concurrentBrowsers: 2,
  concurrency: 1,
  nodeResolve: { exportConditions: ["production", "browser", "default"], browser: true },
  testsStartTimeout: 60_000,
  testsFinishTimeout: 560_000,
  testFramework: { config: { timeout: 20_000 } },
  plugins: [
    workerSourceWtrPlugin(),
    organiserToolsWtrPlugin(),
    providerPlugin(),
    providerChildPlugin(),
    schedulesPlugin(process.env),
    vectorsPlugin(process.env),
    esbuildPlugin({ ts: true, target: "esnext", tsconfig: "tsconfig.base.json" }),
  ],
  reporters: [countingReporter()],
};
