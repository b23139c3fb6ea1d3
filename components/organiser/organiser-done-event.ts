import type { Standing } from "../../src/client/contract.js";

/** What was done, and how it is taken back. */
export interface Deed {
  readonly text: string;
  /** The place that a user had before. */
  readonly undo?: { readonly user: string; readonly standing: Standing };
}

/** An organiser's tool did something: it is told above the tools. */
export class OrganiserDoneEvent extends Event {
  static readonly type = "mimi-organiser-done";

  constructor(readonly deed: Deed) {
    super(OrganiserDoneEvent.type, { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    "mimi-organiser-done": OrganiserDoneEvent;
  }
}
