import { css, html, LitElement, nothing, svg } from "lit";
import { property, state } from "lit/decorators.js";

/**
 * Leaves this script's Lit for the organisers' tools, which are built without one (scripts/vite-plugin-shared-lit.ts): a second
 * Lit on a page cannot make its Trusted Types policy, since the name is taken. Theirs is the hash that is compiled in here,
 * so both were built from one version.
 */
export function shareLit(): void {
  const shared = { LitElement, css, html, nothing, property, state, svg };
  Object.assign(globalThis, { [Symbol.for("mimi-room/1/lit")]: shared });
}
