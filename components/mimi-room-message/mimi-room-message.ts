import { html, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import type { TimelineEntry } from "../../src/client/contract.js";
import { renderMarkdown } from "../markdown/markdown.js";
import { markdownStyles } from "../markdown/markdown.styles.js";
import { renderPlainText } from "../markdown/plain-text.js";
import { hueOf, initialOf } from "../shared/hue.js";
import { hueStyles } from "../shared/hue.styles.js";
import { icons } from "../shared/icons.js";
import { problemSentence } from "../shared/problem-text.js";
import { RoomPart } from "../shared/room-part.js";
import { exactTime, relativeTime } from "../shared/times.js";
import { messageStyles } from "./mimi-room-message.styles.js";

const pictures = { waiting: icons.clock, sending: icons.clock, sent: icons.check, failed: icons.alert } as const;

/** One message: who, what, when, and for one's own how it fares. */
export class MimiRoomMessage extends RoomPart {
  static override styles = [...RoomPart.styles, hueStyles, markdownStyles, messageStyles];

  @property({ attribute: false }) entry: TimelineEntry | undefined;

  /** The sender's name as it is shown in this room. */
  @property({ attribute: false }) name = "";

  /** Whether the one before is not of the same sender and time. */
  @property({ type: Boolean, reflect: true }) first = true;

  /** Whether the one after is not of the same sender and time. */
  @property({ type: Boolean, reflect: true }) last = true;

  @property({ attribute: false }) now = 0;
  @property({ attribute: false }) locale = "en";

  #content: { of: TimelineEntry["content"]; shown: unknown } | undefined;

  protected override render(): TemplateResult {
    const { entry, name, strings } = this;
    if (entry === undefined) return html``;
    const { own, userUri, nickname } = entry.sender;
    return html`<article class="${own ? "own" : "other"} ${hueOf(userUri)} ${entry.status}" part="message">
      ${own ? nothing : html`<span class="picture" aria-hidden="true">${this.first ? initialOf(nickname) : nothing}</span>`}
      <div class="column">
        <p class=${own || !this.first ? "sr-only" : "name"} part="name">
          <bdi>${own ? strings.you : name}</bdi>
        </p>
        <div class="bubble" part="bubble" dir="auto" title=${exactTime(entry.time, this.locale)}>
          ${this.#shown(entry.content)}
        </div>
        ${this.#meta(entry)} ${this.#actions(entry)}
      </div>
    </article>`;
  }

  /** Marking up is costly and what was said never changes: it is done once. */
  #shown(content: TimelineEntry["content"]): unknown {
    if (this.#content?.of !== content) this.#content = { of: content, shown: this.#render(content) };
    return this.#content.shown;
  }

  #render(content: TimelineEntry["content"]): unknown {
    if (content.kind === "unsupported") {
      return html`<p class="unsupported">${this.strings.unsupported(content.contentType)}</p>`;
    }
    if (content.kind !== "text") return nothing;
    if (content.format === "markdown") {
      return html`<div class="markdown">${renderMarkdown(content.text, this.strings)}</div>`;
    }
    return html`<p class="plain">${renderPlainText(content.text)}</p>`;
  }

  #meta(entry: TimelineEntry): TemplateResult {
    const { strings, locale } = this;
    const shown = this.last || entry.status !== "sent";
    const exact = exactTime(entry.time, locale);
    const status =
      entry.sender.own || entry.status !== "sent"
        ? html`<span class="status ${entry.status}" title=${strings.status[entry.status]}
            >${pictures[entry.status]}<span class=${entry.status === "sent" ? "sr-only" : ""}
              >${strings.status[entry.status]}</span
            ></span
          >`
        : nothing;
    return html`<p class=${shown ? "meta" : "sr-only"}>
      <time datetime=${new Date(entry.time).toISOString()} title=${exact}>
        ${relativeTime(entry.time, this.now, locale, strings)}
      </time>
      ${status}
    </p>`;
  }

  #actions(entry: TimelineEntry): TemplateResult | typeof nothing {
    const { strings } = this;
    if (entry.status !== "failed") return nothing;
    const { id } = entry;
    return html`<div class="failure">
      ${entry.problem === undefined ? nothing : html`<p>${problemSentence(entry.problem, strings)}</p>`}
      ${
        entry.problem?.retry === false
          ? nothing
          : html`<button class="button small" part="button retry" type="button"
              @click=${() => this.intend({ kind: "retry", id })}>${strings.retrySend}</button>`
      }
      <button class="button small" part="button" type="button" @click=${() => this.intend({ kind: "discard", id })}>
        ${strings.discard}
      </button>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "mimi-room-message": MimiRoomMessage;
  }
}
