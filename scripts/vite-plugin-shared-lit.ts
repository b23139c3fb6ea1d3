import type { Plugin } from "vite";

const ID = "\0shared-lit";

/** Puts the Lit that `mimi-room.js` leaves on the page (components/shared-lit.ts) in the place of one in the bundle. */
export function sharedLitPlugin(): Plugin {
  return {
    name: "mimi-shared-lit",
    enforce: "pre",
    resolveId: (id) => (id === "lit" || id === "lit/decorators.js" ? ID : undefined),
    load: (id) =>
      id === ID
        ? `export const { LitElement, css, html, nothing, property, state, svg } = globalThis[Symbol.for("mimi-room/1/lit")];`
        : undefined,
  };
}
