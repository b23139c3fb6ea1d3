import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { after, before, describe, it } from "node:test";

/** What is planted: for each tool of `npm run check`, a file that it must not let pass, and what it says about it. */
const violations = [
  {
    tool: "biome",
    files: { "src/codec/planted-unused.ts": 'import { x } from "./planted-any.js";\n' },
    says: /planted-unused\.ts.*noUnusedImports/,
  },
  {
    tool: "biome",
    files: { "src/codec/planted-any.ts": "export const x: any = 1;\n" },
    says: /planted-any\.ts.*noExplicitAny/,
  },
  {
    tool: "biome",
    files: { "src/codec/planted-extension.ts": 'export * from "./planted-any";\n' },
    says: /planted-extension\.ts.*useImportExtensions/,
  },
  {
    tool: "biome",
    files: { "src/codec/planted-format.ts": "export const  planted = 'x'\n" },
    says: /planted-format\.ts format/,
  },
  {
    tool: "biome",
    files: { "src/engine/planted-clock.ts": "export const plantedNow = (): number => Date.now();\n" },
    says: /planted-clock\.ts.*noRestrictedGlobals/,
  },
  {
    tool: "biome",
    files: { "src/transport/planted-socket.ts": 'export const plantedSocket = new globalThis.WebSocket("wss://a");\n' },
    says: /planted-socket\.ts.*noRestrictedGlobals/,
  },
  {
    tool: "biome",
    files: { "src/worker/planted-id.ts": "export const plantedId = (): string => crypto.randomUUID();\n" },
    says: /planted-id\.ts.*plugin/,
  },
  {
    tool: "tsc shared",
    files: { "src/policy/planted-window.ts": "export const plantedTitle = window.name;\n" },
    says: /planted-window\.ts.*'window'/,
  },
  {
    tool: "tsc dom",
    files: { "components/planted-process.ts": "export const plantedEnvironment = process.env;\n" },
    says: /planted-process\.ts.*'process'/,
  },
  {
    tool: "tsc worker",
    files: { "src/engine/planted-document.ts": "export const plantedDocument = document.body;\n" },
    says: /planted-document\.ts.*'document'/,
  },
  {
    tool: "tsc node",
    files: { "provider/planted-element.ts": "export const plantedStorage: Storage | number = localStorage;\n" },
    says: /planted-element\.ts.*'localStorage'/,
  },
  {
    tool: "tsc browser-tests",
    files: { "test/client/planted.browser.test.ts": "export const plantedNumber: number = document.title;\n" },
    says: /planted\.browser\.test\.ts.*'string' is not assignable/,
  },
  {
    tool: "tsc drivers",
    files: { "bench/planted.bench.ts": "export const plantedCount: number = document.title;\n" },
    says: /planted\.bench\.ts.*'string' is not assignable/,
  },
  {
    tool: "dependency-cruiser",
    files: { "src/policy/planted-mls.ts": 'import "ts-mls";\n' },
    says: /ts-mls only in src\/mls: src\/policy\/planted-mls\.ts/,
  },
  {
    tool: "dependency-cruiser",
    files: { "src/engine/planted-idb.ts": 'import "idb";\n' },
    says: /idb only in src\/storage: src\/engine\/planted-idb\.ts/,
  },
  {
    tool: "dependency-cruiser",
    files: { "components/planted-engine.ts": 'import type {} from "../src/engine/planted-idb.js";\n' },
    says: /components imports src\/client: components\/planted-engine\.ts/,
  },
  {
    tool: "dependency-cruiser",
    files: { "provider/planted-node.ts": 'import "node:fs";\n' },
    says: /Node only in provider\/node\.ts and provider\/node: provider\/planted-node\.ts/,
  },
  {
    tool: "dependency-cruiser",
    files: {
      "src/content/planted-hen.ts":
        'import { egg } from "./planted-egg.js";\nexport const hen = (): number => egg();\n',
      "src/content/planted-egg.ts":
        'import { hen } from "./planted-hen.js";\nexport const egg = (): number => hen();\n',
    },
    says: /no circles: src\/content\/planted-(hen|egg)\.ts/,
  },
  {
    tool: "knip",
    files: { "src/codec/planted-lonely.ts": "export const lonely = 1;\n" },
    says: /planted-lonely\.ts/,
  },
  {
    tool: "file size",
    files: { "src/codec/planted-long.ts": "// a line\n".repeat(301) },
    says: /planted-long\.ts has 301 lines/,
  },
  {
    tool: "duplicate exports",
    files: {
      "src/codec/planted-one.ts": "export const plantedTwice = 1;\n",
      "src/content/planted-two.ts": "export function plantedTwice(): void {}\n",
    },
    says: /plantedTwice is exported by src\/codec\/planted-one\.ts and src\/content\/planted-two\.ts/,
  },
  { tool: "publint", files: {}, says: /dist\/planted\.js/ },
];

const project = resolve(import.meta.dirname, "../..");
const leftOut = new Set(["node_modules", ".git", "data", ".tsbuild", "coverage", ".bench"]);
let copy: string;
let output: string;

describe("npm run check", () => {
  // All violations at once, in a copy of the tree: one run of the check shows what each tool says.
  before(() => {
    copy = mkdtempSync(join(tmpdir(), "mimi-planted-"));
    cpSync(project, copy, {
      recursive: true,
      filter: (path) => !leftOut.has(basename(path)),
      preserveTimestamps: true,
    });
    symlinkSync(join(project, "node_modules"), join(copy, "node_modules"), "dir");
    for (const [file, text] of violations.flatMap(({ files }) => Object.entries(files))) {
      mkdirSync(dirname(join(copy, file)), { recursive: true });
      writeFileSync(join(copy, file), text);
    }
    promiseAMissingFile(join(copy, "package.json"));
    output = spawnSync(process.execPath, ["scripts/check.mjs"], { cwd: copy, encoding: "utf8" }).stdout;
  });

  after(() => rmSync(copy, { recursive: true, force: true }));

  for (const { tool, files, says } of violations) {
    it(`fails by ${tool} on ${Object.keys(files)[0] ?? "a promised file that is not there"}`, () => {
      const report = reportOf(tool);
      assert.ok(says.test(report), `expected ${says} in what ${tool} says:\n${report.slice(0, 4000)}`);
    });
  }

  it("has a planted violation for every tool", async () => {
    const { tools } = await import("../../scripts/check-tools.mjs");
    assert.deepEqual(new Set(violations.map(({ tool }) => tool)), new Set(tools.map(({ name }) => name)));
  });
});

/** What the check printed below the line of a tool that failed. */
function reportOf(tool: string): string {
  const lines = output.split("\n");
  const start = lines.findIndex((line) => line.endsWith(` s  ✗ ${tool}`));
  assert.notEqual(start, -1, `${tool} did not fail:\n${output}`);
  const end = lines.findIndex((line, index) => index > start && !line.startsWith("      "));
  return lines.slice(start + 1, end).join("\n");
}

function promiseAMissingFile(path: string): void {
  const manifest: { exports: Record<string, string> } = JSON.parse(readFileSync(path, "utf8"));
  manifest.exports["./planted"] = "./dist/planted.js";
  writeFileSync(path, JSON.stringify(manifest, null, 2));
  appendFileSync(path, "\n");
}
