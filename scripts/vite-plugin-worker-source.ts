import type { Plugin } from "vite";
import { buildWorker } from "./worker-source.js";

/** What the client imports to start its worker from a blob: a module whose default export is the worker's source. */
export const WORKER_SOURCE_ID = "virtual:mimi-worker-source";

const RESOLVED_ID = `\0${WORKER_SOURCE_ID}`;

/** The module that {@link WORKER_SOURCE_ID} names. */
export async function workerSourceModule(options?: { minify?: boolean }): Promise<string> {
  const { source } = await buildWorker(options);
  return `export default ${JSON.stringify(source)};\n`;
}

/**
 * Puts the worker into the page's bundle as text. vite's own `?worker&inline` falls back to a `data:` URL, which has
 * neither IndexedDB nor locks, and knows nothing of Trusted Types.
 */
export function workerSourcePlugin(): Plugin {
  return {
    name: "mimi-worker-source",
    resolveId: (id) => (id === WORKER_SOURCE_ID ? RESOLVED_ID : undefined),
    load: (id) => (id === RESOLVED_ID ? workerSourceModule() : undefined),
  };
}
