import { html, LitElement, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import type { Problem, RoomState } from "../../src/client/contract.js";
import { type Intent, RoomIntentEvent } from "../room-intent.js";
import { baseStyles } from "../shared/base.styles.js";
import { problemText } from "../shared/problem-text.js";
import type { Strings } from "../strings.js";
import type { Ask } from "./ask.js";
import { organiserStyles } from "./organiser.styles.js";
import { type OrganiserStrings, organiserWords } from "./organiser-strings.js";

/** An element of the organisers' tools: is given everything that it shows, asks the room, and says what it did. */
export abstract class OrganiserPart extends LitElement {
  static override styles = [baseStyles, organiserStyles];

  @property({ attribute: false }) room!: RoomState;
  /** The name that each user is shown with. */
  @property({ attribute: false }) names!: ReadonlyMap<string, string>;
  @property({ attribute: false }) ask!: Ask;
  @property({ attribute: false }) strings!: Strings;

  protected get words(): OrganiserStrings {
    return organiserWords(this.strings.organiser);
  }

  /** A user who never spoke and is not inside has no name here: the end of the URI tells such users apart. */
  protected nameOf(user: string): string {
    return this.names.get(user) ?? `#${user.slice(-6)}`;
  }

  /** Why something was refused, in a sentence. */
  protected refusal(problem: Problem): string {
    return problemText(problem, this.strings).body;
  }

  /** What could not be found out, and a way to ask once more. */
  protected failed(why: string, again: () => void): TemplateResult {
    return html`<p class="mistake" role="alert">${why}</p>
      <button class="button small again" part="button" type="button" @click=${again}>${this.strings.retry}</button>`;
  }

  protected intend(intent: Intent): void {
    this.dispatchEvent(new RoomIntentEvent(intent));
  }

  protected find<Found extends HTMLElement>(selector: string): Found | null {
    return this.renderRoot.querySelector<Found>(selector);
  }
}
