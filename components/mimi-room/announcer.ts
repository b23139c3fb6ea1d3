import { html, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from "lit";
import type { TimelineEntry } from "../../src/client/contract.js";
import type { Strings } from "../strings.js";

/** Messages that come within this time are told together, in milliseconds. */
const PAUSE = 600;

/** More than this many at once are told as a number. */
const MOST = 3;

const LONGEST = 240;

/** The one live region of a room: tells a screen reader of new messages, the room's new name and what its host did, and of nothing else. */
export class Announcer implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  /** The first of {@link #count}: more than {@link MOST} are told as a number. */
  #waiting: string[] = [];
  #count = 0;
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
    this.#count = 0;
  }

  /** Has a message told, by the name that its sender is shown with. */
  tell(entry: TimelineEntry, who: string, strings: Strings): void {
    const line = lineOf(entry, who, strings);
    if (line === undefined) return;
    this.#count += 1;
    // The timer of a page that is hidden may take a minute, and much may come in a minute.
    if (this.#count <= MOST) this.#waiting.push(line);
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
    const [lines, count] = [this.#waiting, this.#count];
    this.#waiting = [];
    this.#count = 0;
    this.#said = count > MOST ? [strings.announceMany(count)] : lines;
    this.#host.requestUpdate();
  }
}

function lineOf({ content, sender: { own } }: TimelineEntry, who: string, strings: Strings): string | undefined {
  // Whoever's event it stands at, it is the host that did it.
  if (content.kind === "restored" || content.kind === "diverged") return strings[content.kind];
  // One's own words need no telling; that the room took one's name for it does.
  if (own)
    return content.kind === "renamed" ? strings.renamed(strings.you, content.name || strings.untitled) : undefined;
  switch (content.kind) {
    case "text":
      return strings.announce(who, content.text.slice(0, LONGEST));
    case "unsupported":
      return strings.announce(who, strings.unsupported(content.contentType).slice(0, LONGEST));
    case "renamed":
      return strings.renamed(who, content.name || strings.untitled);
    default:
      return undefined;
  }
}
