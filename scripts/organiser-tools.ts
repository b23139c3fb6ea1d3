import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { build, type InlineConfig } from "vite";
import { compressPlugin } from "./vite-plugin-compress.js";
import { sharedLitPlugin } from "./vite-plugin-shared-lit.js";
import { templateWhitespacePlugin } from "./vite-plugin-template-whitespace.js";
import { LICENSES, oxc } from "./worker-source.js";

const root = fileURLToPath(new URL("..", import.meta.url));

const config: InlineConfig = {
  root,
  configFile: false,
  logLevel: "error",
  publicDir: false,
  mode: "production",
  oxc,
  plugins: [sharedLitPlugin(), templateWhitespacePlugin(), compressPlugin()],
  build: {
    write: false,
    target: "es2022",
    license: { fileName: LICENSES },
    rolldownOptions: {
      input: `${root}components/define-organiser.ts`,
      treeshake: { propertyReadSideEffects: false },
      output: { format: "es", codeSplitting: false, comments: { legal: false } },
    },
  },
};

/** The organisers' tools as the build made them. */
interface BuiltTools {
  /** The file's name in dist/, with a hash of its content: a script asks for the very tools that it was built with. */
  readonly file: string;
  /** What the page's script has in `integrity` (Subresource Integrity). */
  readonly integrity: string;
  /** The whole program as one module. */
  readonly source: string;
}

let built: Promise<BuiltTools> | undefined;

/** The organisers' tools: components/define-organiser.ts and all it imports. Built once a process. Throws what vite throws. */
export function buildOrganiserTools(): Promise<BuiltTools> {
  built ??= bundle();
  return built;
}

async function bundle(): Promise<BuiltTools> {
  const result = await build(config);
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((part) => ("output" in part ? part.output : []));
  const [chunk, ...others] = outputs.filter((output) => output.type === "chunk");
  if (chunk === undefined || others.length > 0) throw new Error("the organisers' tools did not build into one script");
  const digest = createHash("sha384").update(chunk.code).digest();
  const name = digest.toString("hex").slice(0, 16);
  return {
    file: `mimi-room-organiser-${name}.js`,
    integrity: `sha384-${digest.toString("base64")}`,
    source: chunk.code,
  };
}
