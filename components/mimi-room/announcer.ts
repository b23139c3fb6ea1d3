import { html, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from "lit";
import type { TimelineEntry } from "../../src/client/contract.js";
import { type Naming, noticeText } from "../shared/notice-text.js";
import type { Strings } from "../strings.js";

/** Messages that come within this time are told together, in milliseconds. */
const PAUSE = 600;

/** More than this many at once are told as a number. */
const MOST = 3;

const LONGEST = 240;

/** The one live region of a room: tells a screen reader of new messages, what was done to the room, and of nothing else. */
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

  /** Has a message told, or what was done in the room. */
  tell(entry: TimelineEntry, naming: Naming): void {
    const line = lineOf(entry, naming);
    if (line === undefined) return;
    this.#count += 1;
    // The timer of a page that is hidden may take a minute, and much may come in a minute.
    if (this.#count <= MOST) this.#waiting.push(line);
    if (this.#timer !== undefined) return;
    // The same words twice are a change only if there was nothing in between.
    this.#said = [];
    this.#host.requestUpdate();
    this.#timer = setTimeout(() => this.#say(naming.strings), PAUSE);
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

function lineOf({ content, sender }: TimelineEntry, naming: Naming): string | undefined {
  const { names, strings } = naming;
  switch (content.kind) {
    case "text":
    case "unsupported": {
      // One's own words need no telling; what the room took from one, and what was done to one, does.
      if (sender.own) return undefined;
      const said = content.kind === "text" ? content.text : strings.unsupported(content.contentType);
      return strings.announce(names.get(sender.userUri) ?? sender.nickname, said.slice(0, LONGEST));
    }
    case "joined":
    case "left":
      return undefined;
    case "removed":
      return content.by === undefined && !sender.own ? undefined : noticeText(content, [sender], naming);
    default:
      return noticeText(content, [sender], naming);
  }
}
