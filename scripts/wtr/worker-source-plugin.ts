import type { TestRunnerPlugin } from "@web/test-runner";
import { WORKER_SOURCE_ID, workerSourceModule } from "../vite-plugin-worker-source.js";

const PATH = "/__worker-source.js";

/** Serves `virtual:mimi-worker-source` to tests: the same module that the build inlines, unminified. */
export function workerSourceWtrPlugin(): TestRunnerPlugin {
  return {
    name: "mimi-worker-source",
    resolveImport: ({ source }) => (source === WORKER_SOURCE_ID ? PATH : undefined),
    async serve(context) {
      if (context.path !== PATH) return undefined;
      return { body: await workerSourceModule({ minify: false }), type: "js" };
    },
  };
}
