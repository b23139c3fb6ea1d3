import { defineConfig, type UserConfig } from "vite";
import manifest from "./package.json" with { type: "json" };
import { compressPlugin } from "./scripts/vite-plugin-compress.js";
import { markedLexerPlugin } from "./scripts/vite-plugin-marked-lexer.js";
import { organiserToolsPlugin } from "./scripts/vite-plugin-organiser-tools.js";
import { templateWhitespacePlugin } from "./scripts/vite-plugin-template-whitespace.js";
import { workerSourcePlugin } from "./scripts/vite-plugin-worker-source.js";
import { LICENSES, oxc } from "./scripts/worker-source.js";

const plugins = [workerSourcePlugin(), markedLexerPlugin(), templateWhitespacePlugin(), compressPlugin()];

const shared: UserConfig = {
  logLevel: "warn",
  publicDir: false,
  oxc,
};

/** dist/mimi-room.js: the elements and their worker in one module, for a script tag with an integrity hash. */
const element: UserConfig = {
  ...shared,
  plugins: [organiserToolsPlugin("./"), ...plugins],
  build: {
    outDir: "dist",
    emptyOutDir: false,
    target: "es2022",
    reportCompressedSize: false,
    license: { fileName: LICENSES },
    rolldownOptions: {
      input: "components/index.ts",
      preserveEntrySignatures: "strict",
      treeshake: { propertyReadSideEffects: false },
      output: {
        format: "es",
        entryFileNames: "mimi-room.js",
        codeSplitting: false,
        postBanner: `/*! mimi-room ${manifest.version}, MIT; of others in it: licenses.md beside it */`,
        comments: { legal: false },
      },
    },
  },
};

/** dist/app: the page that a provider serves. */
const app: UserConfig = {
  ...shared,
  base: "/",
  // The page's script lies in /assets/.
  plugins: [organiserToolsPlugin("../"), ...plugins],
  build: {
    outDir: "dist/app",
    emptyOutDir: true,
    target: "es2022",
    reportCompressedSize: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: "index.html", output: { comments: { legal: false } } },
  },
};

/** `vite build --mode element` or `--mode app`; scripts/build.ts runs both. */
export default defineConfig(({ mode }) => (mode === "app" ? app : element));
