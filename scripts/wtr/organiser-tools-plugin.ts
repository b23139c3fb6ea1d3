import type { TestRunnerPlugin } from "@web/test-runner";
import { ORGANISER_TOOLS_ID, organiserToolsModule } from "../vite-plugin-organiser-tools.js";

const PATH = "/__organiser-tools.js";

/** Serves `virtual:mimi-organiser-tools` to tests: the tools are loaded from their sources, which have no hash. */
export function organiserToolsWtrPlugin(): TestRunnerPlugin {
  return {
    name: "mimi-organiser-tools",
    resolveImport: ({ source }) => (source === ORGANISER_TOOLS_ID ? PATH : undefined),
    async serve(context) {
      if (context.path !== PATH) return undefined;
      return { body: organiserToolsModule("/components/define-organiser.ts", ""), type: "js" };
    },
  };
}
