import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { TimelineEntry } from "../../src/client/contract.js";
import { icons } from "../shared/icons.js";
import { RoomPart } from "../shared/room-part.js";
import { dayName } from "../shared/times.js";
import { timelineStyles } from "./mimi-room-timeline.styles.js";
import { ReadMark } from "./read-mark.js";
import { ScrollPlace } from "./scroll-place.js";
import { type Row, timelineRows } from "./timeline-rows.js";

/** As many entries are drawn at first, and that many more whenever somebody reads up to them. */
const WINDOW = 150;

/** Closer than this to the top, in pixels, more is drawn or loaded. */
const NEAR_TOP = 400;

/** What was said: newest at the end, where it stays as long as its reader does. */
export class MimiRoomTimeline extends RoomPart {
  static override styles = [...RoomPart.styles, timelineStyles];

  @property({ attribute: false }) entries: readonly TimelineEntry[] = [];
  @property({ attribute: false }) names: ReadonlyMap<string, string> = new Map();
  @property({ attribute: false }) now = 0;
  @property({ attribute: false }) locale = "en";

  /** Names what is remembered of how far was read; empty to remember nothing. */
  @property({ attribute: false }) memory = "";

  /** Whether {@link loadOlder} may bring more. */
  @property({ attribute: false }) hasOlder = false;

  /** Brings older entries into {@link entries}. */
  @property({ attribute: false }) loadOlder: () => Promise<unknown> = async () => {};

  @state() private drawn = WINDOW;
  @state() private loading = false;
  @state() private atEnd = true;

  readonly #place = new ScrollPlace(this);
  readonly #read = new ReadMark();

  /** What scrolls. */
  get scroller(): HTMLElement | null {
    return this.find(".scroller");
  }

  /** Shows the newest message. */
  toEnd(): void {
    this.#place.toEnd();
  }

  override focus(): void {
    this.scroller?.focus({ preventScroll: true });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("visibilitychange", this.#look);
    window.addEventListener("focus", this.#look);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("visibilitychange", this.#look);
    window.removeEventListener("focus", this.#look);
  }

  /** Called by the scroller's controller. */
  scrolled(): void {
    this.atEnd = this.#place.atEnd;
    this.#look();
    if (this.#place.above < NEAR_TOP) this.#wantOlder();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("memory")) this.#read.open(this.memory);
    if (!changed.has("entries")) return;
    const before = changed.get("entries") ?? [];
    if (this.#place.atEnd) this.drawn = WINDOW;
    // What is added at the end must not push what is being read out of the window.
    else this.drawn += Math.max(0, this.entries.length - before.length);
    if (wroteOne(before, this.entries)) {
      this.#read.wrote();
      this.#place.toEnd();
    }
    this.#read.take(this.entries, this.#isReading());
  }

  protected override render(): TemplateResult {
    const { strings, entries } = this;
    const rows = timelineRows(entries.slice(-this.drawn), this.#read.newAfter);
    return html`
      <div class="scroller" part="timeline" tabindex="0" role="region" aria-label=${strings.messages}
        @scroll=${this.#place.moved}>
        <div class="content">
          ${this.loading ? html`<p class="edge" role="status">${strings.olderLoading}</p>` : nothing}
          ${rows.some((row) => row.kind === "message") ? nothing : this.#empty()}
          <ol>
            ${repeat(
              rows,
              (row) => row.key,
              (row) => this.#row(row),
            )}
          </ol>
        </div>
      </div>
      ${this.#jump()}
    `;
  }

  #empty(): TemplateResult {
    return html`<div class="empty" part="empty">
      <slot name="empty">
        <p class="quiet">${this.strings.empty}</p>
        <p class="muted small">${this.strings.emptyHint}</p>
      </slot>
    </div>`;
  }

  #row(row: Row): TemplateResult {
    const { strings, now, locale } = this;
    switch (row.kind) {
      case "day":
        return html`<li class="day" data-row><span>${dayName(row.time, now, locale, strings)}</span></li>`;
      case "new":
        return html`<li class="new" data-row part="new-mark"><span>${strings.newMessages}</span></li>`;
      case "notice":
        return html`<li class="notice" data-row>${this.#notice(row)}</li>`;
      case "message":
        return html`<li data-row>
          <mimi-room-message
            exportparts="message, bubble, name, button"
            .entry=${row.entry}
            .name=${this.#nameOf(row.entry)}
            .first=${row.first}
            .last=${row.last}
            .now=${now}
            .locale=${locale}
            .strings=${strings}
          ></mimi-room-message>
        </li>`;
    }
  }

  #notice({ notice, entries }: Extract<Row, { kind: "notice" }>): string {
    const names = [...new Set(entries.map((entry) => (entry.sender.own ? this.strings.you : this.#nameOf(entry))))];
    return this.strings[notice](names[0] ?? "", names.length - 1);
  }

  #nameOf({ sender }: TimelineEntry): string {
    return this.names.get(sender.userUri) ?? sender.nickname;
  }

  #jump(): TemplateResult | typeof nothing {
    if (this.atEnd) return nothing;
    const { unread } = this.#read;
    const label = unread === 0 ? this.strings.jumpToLatest : this.strings.jumpToNew(unread);
    return html`<button class="jump" part="jump-button" type="button" aria-label=${label} title=${label} @click=${this.#end}>
      ${unread === 0 ? nothing : html`<span>${label}</span>`}${icons.down}
    </button>`;
  }

  #end(): void {
    this.focus();
    this.toEnd();
  }

  readonly #look = (): void => {
    if (this.#read.take(this.entries, this.#isReading())) this.requestUpdate();
  };

  #isReading(): boolean {
    return this.#place.atEnd && document.visibilityState === "visible" && document.hasFocus();
  }

  async #wantOlder(): Promise<void> {
    if (this.loading || !this.hasUpdated) return;
    if (this.drawn < this.entries.length) {
      this.drawn += WINDOW;
      return;
    }
    if (!this.hasOlder) return;
    this.loading = true;
    try {
      await this.loadOlder();
      this.drawn = Math.max(this.drawn, this.entries.length);
    } finally {
      this.loading = false;
    }
  }
}

function wroteOne(before: readonly TimelineEntry[], after: readonly TimelineEntry[]): boolean {
  const last = after.at(-1);
  if (last === undefined || !last.sender.own || last.content.kind !== "text") return false;
  return before.length > 0 && !before.some((entry) => entry.id === last.id);
}

declare global {
  interface HTMLElementTagNameMap {
    "mimi-room-timeline": MimiRoomTimeline;
  }
}
