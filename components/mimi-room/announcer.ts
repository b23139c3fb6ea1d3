import { html, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from "lit";
import type { TimelineEntry } from "../../src/client/contract.js";
import type { Strings } from "../strings.js";

/** Messages that come within this time are told together, in milliseconds. */
const PAUSE = 600;

/** More than this many at once are told as a number. */
const MOST = 3;

const LONGEST = 240;

/** The one live region of a room: tells a screen reader of new messages, once each, and of nothing else. */
export class Announcer implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #waiting: { who: string; text: string }[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #said: readonly string[] = [];

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
  }

  /** Has a message told, by the name that its sender is shown with. */
  tell(entry: TimelineEntry, who: string, strings: Strings): void {
    const { content } = entry;
    if (content.kind !== "text" && content.kind !== "unsupported") return;
    const text = content.kind === "text" ? content.text : strings.unsupported(content.contentType);
    this.#waiting.push({ who, text: text.slice(0, LONGEST) });
    if (this.#timer !== undefined) return;
    // The same words twice are a change only if there was nothing in between.
    this.#said = [];
    this.#host.requestUpdate();
    this.#timer = setTimeout(() => this.#say(strings), PAUSE);
  }

  render(): TemplateResult {
    return html`<div class="sr-only" aria-live="polite" part="announcer">
      ${this.#said.map((line) => html`<p>${line}</p>`)}
    </div>`;
  }

  #say(strings: Strings): void {
    this.#timer = undefined;
    const lines = this.#waiting;
    this.#waiting = [];
    this.#said =
      lines.length > MOST
        ? [strings.announceMany(lines.length)]
        : lines.map(({ who, text }) => strings.announce(who, text));
    this.#host.requestUpdate();
  }
}
