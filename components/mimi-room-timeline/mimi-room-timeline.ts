import { html, nothing, type PropertyValues, render, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { TimelineEntry } from "../../src/client/contract.js";
import { icons } from "../shared/icons.js";
import { noticeText } from "../shared/notice-text.js";
import { RoomPart } from "../shared/room-part.js";
import { dayName } from "../shared/times.js";
import { DrawnWindow } from "./drawn-window.js";
import { KeyedList } from "./keyed-list.js";
import { timelineStyles } from "./mimi-room-timeline.styles.js";
import { ReadMark } from "./read-mark.js";
import { ScrollPlace } from "./scroll-place.js";
import { type Row, timelineRows } from "./timeline-rows.js";

/** Closer than this to an edge of what is drawn, in pixels, more is drawn or loaded. */
const NEAR_EDGE = 400;

/** What was said: newest at the end, where it stays as long as its reader does. */
export class MimiRoomTimeline extends RoomPart {
  static override styles = [...RoomPart.styles, timelineStyles];

  @property({ attribute: false }) entries: readonly TimelineEntry[] = [];
  @property({ attribute: false }) names: ReadonlyMap<string, string> = new Map();
  /** The own user's URI. */
  @property({ attribute: false }) self: string | undefined;
  @property({ attribute: false }) now = 0;
  @property({ attribute: false }) locale = "en";

  /** Names what is remembered of how far was read; empty to remember nothing. */
  @property({ attribute: false }) memory = "";

  /** Whether {@link loadOlder} may bring more. */
  @property({ attribute: false }) hasOlder = false;

  /** Brings older entries into {@link entries}. */
  @property({ attribute: false }) loadOlder: () => Promise<unknown> = async () => {};

  @state() private loading = false;
  @state() private atEnd = true;

  readonly #place = new ScrollPlace(this);
  readonly #read = new ReadMark();
  readonly #drawn = new DrawnWindow();
  #rows: readonly Row[] = [];
  readonly #list = new KeyedList<Row>(rowElement, (row, element) => render(this.#row(row), element));

  /** What scrolls. */
  get scroller(): HTMLElement | null {
    return this.find(".scroller");
  }

  /** Whether newer entries are there than those drawn. */
  get hasBelow(): boolean {
    return this.#drawn.range(this.entries).to < this.entries.length;
  }

  /** Shows the newest message. */
  toEnd(): void {
    this.#drawn.follow();
    this.#place.toEnd();
    this.requestUpdate();
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
    if (this.#place.above < NEAR_EDGE) this.#wantOlder();
    if (this.#place.below < NEAR_EDGE) this.#wantNewer();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("memory")) this.#read.open(this.memory);
    if (!changed.has("entries")) return;
    const before = changed.get("entries") ?? [];
    if (this.#place.atEnd) this.#drawn.follow();
    // What is added at the end must not push what is being read out of the window.
    else this.#drawn.hold(before);
    if (wroteOne(before, this.entries)) {
      this.#read.wrote();
      this.#drawn.follow();
      this.#place.toEnd();
    }
    this.#read.take(this.entries, this.#isReading());
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("entries") && !this.#place.atEnd) this.#place.look();
  }

  protected override update(changed: PropertyValues<this>): void {
    this.#rows = timelineRows(this.entries, this.#drawn.range(this.entries), this.#read.newAfter);
    super.update(changed);
    const list = this.find("ol");
    if (list !== null) this.#list.show(list, this.#rows);
  }

  protected override render(): TemplateResult {
    const { strings } = this;
    return html`
      <div class="scroller" part="timeline" tabindex="0" role="region" aria-label=${strings.messages}
        @scroll=${this.#place.moved} @keydown=${this.#key}>
        <div class="content">
          ${this.loading ? html`<p class="edge" role="status">${strings.olderLoading}</p>` : nothing}
          ${this.#rows.some((row) => row.kind === "message") ? nothing : this.#empty()}
          <ol></ol>
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

  /** What stands in a row's element. */
  #row(row: Row): TemplateResult {
    const { strings, now, locale } = this;
    switch (row.kind) {
      case "day":
        return html`<span>${dayName(row.time, now, locale, strings)}</span>`;
      case "new":
        return html`<span>${strings.newMessages}</span>`;
      case "notice":
        return html`${this.#notice(row)}`;
      case "message":
        return html`<mimi-room-message
          exportparts="message, bubble, name, button"
          .entry=${row.entry}
          .name=${this.#nameOf(row.entry)}
          .first=${row.first}
          .last=${row.last}
          .now=${now}
          .locale=${locale}
          .strings=${strings}
        ></mimi-room-message>`;
    }
  }

  #notice({ content, entries }: Extract<Row, { kind: "notice" }>): string {
    const { names, self, strings } = this;
    const people = entries.map(({ sender }) => sender);
    return noticeText(content, people, { names, self, strings });
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

  /** The end of a long timeline is further down than what is drawn of it. */
  #key(event: KeyboardEvent): void {
    if (event.key !== "End" || !this.hasBelow) return;
    event.preventDefault();
    this.toEnd();
  }

  #wantNewer(): void {
    if (!this.#place.atEnd && this.#drawn.down(this.entries)) this.requestUpdate();
  }

  async #wantOlder(): Promise<void> {
    if (this.loading || !this.hasUpdated) return;
    if (this.#drawn.up(this.entries)) this.requestUpdate();
    else if (this.hasOlder) await this.#load();
  }

  async #load(): Promise<void> {
    this.loading = true;
    try {
      await this.loadOlder();
    } finally {
      this.loading = false;
    }
  }
}

/** The element of a row: what kind of row it is does not change. */
function rowElement({ kind }: Row): HTMLElement {
  const element = document.createElement("li");
  element.dataset.row = "";
  if (kind !== "message") element.className = kind;
  if (kind === "new") element.setAttribute("part", "new-mark");
  return element;
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
