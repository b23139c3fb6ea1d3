import { LitElement } from "lit";
import { property } from "lit/decorators.js";
import { english } from "../english.js";
import { type Intent, RoomIntentEvent } from "../room-intent.js";
import type { Strings } from "../strings.js";
import { baseStyles } from "./base.styles.js";

/** A part of `<mimi-room>`: is given everything that it shows, and says upwards what its user wants. */
export abstract class RoomPart extends LitElement {
  static override styles = [baseStyles];

  @property({ attribute: false }) strings: Strings = english;

  /** Hands an intent to the room. */
  protected intend(intent: Intent): void {
    this.dispatchEvent(new RoomIntentEvent(intent));
  }

  /** An element of this part's own template. */
  protected find<Found extends HTMLElement>(selector: string): Found | null {
    return this.renderRoot.querySelector<Found>(selector);
  }
}
