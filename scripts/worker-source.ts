import { fileURLToPath } from "node:url";
import { build, type InlineConfig } from "vite";
import { compressPlugin } from "./vite-plugin-compress.js";

/** Compiler settings of every bundle; Lit's legacy decorators need assignment semantics for fields. */
export const oxc = {
  target: "es2022",
  decorator: { legacy: true },
  assumptions: { setPublicClassFields: true },
  typescript: { removeClassFieldsWithoutInitializer: true },
} as const;

/** Where the licences of what is bundled are written, in dist/. */
export const LICENSES = "licenses.md";

const root = fileURLToPath(new URL("..", import.meta.url));

function workerConfig(minify: boolean): InlineConfig {
  return {
    root,
    configFile: false,
    logLevel: "error",
    publicDir: false,
    mode: "production",
    oxc,
    plugins: minify ? [compressPlugin()] : [],
    build: {
      write: false,
      target: "es2022",
      minify,
      license: { fileName: LICENSES },
      rolldownOptions: {
        input: `${root}src/worker/worker.ts`,
        output: { format: "iife", comments: { legal: false } },
      },
    },
  };
}

/** The worker as the build made it. */
interface BuiltWorker {
  /** The whole program as one classic script. */
  readonly source: string;
  /** The licences of the packages in it, Markdown. */
  readonly licenses: string;
}

const built = new Map<boolean, Promise<BuiltWorker>>();

/**
 * The worker's whole program: src/worker/worker.ts and all it imports. Built once a process. Throws what vite throws
 * when it does not compile.
 */
export function buildWorker({ minify = true } = {}): Promise<BuiltWorker> {
  const worker = built.get(minify) ?? bundle(minify);
  built.set(minify, worker);
  return worker;
}

async function bundle(minify: boolean): Promise<BuiltWorker> {
  const result = await build(workerConfig(minify));
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((part) => ("output" in part ? part.output : []));
  const [chunk, ...others] = outputs.filter((output) => output.type === "chunk");
  const licenses = outputs.find((output) => output.type === "asset" && output.fileName === LICENSES);
  if (chunk === undefined || others.length > 0) throw new Error("the worker did not build into one script");
  return { source: chunk.code, licenses: licenses?.type === "asset" ? String(licenses.source) : "" };
}
