import type { Plugin } from "vite";
import { buildOrganiserTools } from "./organiser-tools.js";

/** What the elements import to load the organisers' tools: a module that says where their file is, and its hash. */
export const ORGANISER_TOOLS_ID = "virtual:mimi-organiser-tools";

const RESOLVED_ID = `\0${ORGANISER_TOOLS_ID}`;

/** The module that {@link ORGANISER_TOOLS_ID} names. `path` is relative to the script that imports it. */
export function organiserToolsModule(path: string, integrity: string): string {
  return `export const path = ${JSON.stringify(path)};\nexport const integrity = ${JSON.stringify(integrity)};\n`;
}

/** Compiles the hash of the organisers' tools into the bundle. `folder` leads from the bundle to where they lie, with a slash. */
export function organiserToolsPlugin(folder: string): Plugin {
  return {
    name: "mimi-organiser-tools",
    resolveId: (id) => (id === ORGANISER_TOOLS_ID ? RESOLVED_ID : undefined),
    async load(id) {
      if (id !== RESOLVED_ID) return undefined;
      const { file, integrity } = await buildOrganiserTools();
      return organiserToolsModule(`${folder}${file}`, integrity);
    },
  };
}
