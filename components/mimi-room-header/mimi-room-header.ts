import { html, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { RoomState } from "../../src/client/contract.js";
import { icons } from "../shared/icons.js";
import { RoomPart } from "../shared/room-part.js";
import { headerStyles } from "./mimi-room-header.styles.js";

/** The top of a joined room: its name, who is inside, and the way out, which asks once. */
export class MimiRoomHeader extends RoomPart {
  static override styles = [...RoomPart.styles, headerStyles];

  @property({ attribute: false }) room: RoomState | undefined;

  /** Whether the list of occupants is shown. */
  @property({ type: Boolean }) occupantsOpen = false;

  @state() private asking = false;

  /** Puts the focus on the button that shows the occupants. */
  focusOccupants(): void {
    this.find(".occupants")?.focus();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("room") && this.room?.phase !== "joined") this.asking = false;
  }

  protected override render(): TemplateResult {
    const { room, strings } = this;
    return html`<div part="header" class=${this.asking ? "bar asking" : "bar"}>
      <slot name="header">
        <div class="title">
          <h2 part="name"><bdi>${room?.preview?.name || strings.untitled}</bdi></h2>
          <p class="muted small">${icons.lock}<span>${this.#subtitle()}</span></p>
        </div>
      </slot>
      ${room?.phase !== "joined" ? html`` : this.asking ? this.#confirm() : this.#actions()}
    </div>`;
  }

  #subtitle(): string {
    const { room, strings } = this;
    if (room === undefined) return "";
    if (room.phase === "joined" && room.connection === "connecting") return strings.connecting;
    return room.preview === undefined ? "" : strings.encryptedAt(room.preview.host);
  }

  #actions(): TemplateResult {
    const { room, strings, occupantsOpen } = this;
    const count = room?.occupants.length ?? 0;
    return html`<div class="actions">
      <button
        class="icon-button occupants"
        part="occupants-button"
        type="button"
        aria-expanded=${occupantsOpen}
        title=${occupantsOpen ? strings.hidePeople : strings.showPeople(count)}
        @click=${() => this.intend({ kind: "occupants", open: !occupantsOpen })}
      >
        <span class="count" aria-hidden="true">${icons.people}<span>${count}</span></span>
        <span class="sr-only">${occupantsOpen ? strings.hidePeople : strings.showPeople(count)}</span>
      </button>
      <button
        class="icon-button leave"
        part="leave-button"
        type="button"
        aria-label=${strings.leave}
        title=${strings.leave}
        @click=${this.#ask}
      >
        ${icons.door}
      </button>
    </div>`;
  }

  #confirm(): TemplateResult {
    const { strings } = this;
    return html`<div class="confirm" role="group" aria-label=${strings.leaveAsk} @keydown=${this.#escape}>
      <span class="question">${strings.leaveAsk}</span>
      <button class="button small stay" type="button" @click=${this.#stay}>${strings.stay}</button>
      <button class="button small danger" part="button leave" type="button" @click=${this.#leave}>
        ${strings.leaveConfirm}
      </button>
    </div>`;
  }

  async #ask(): Promise<void> {
    this.asking = true;
    await this.updateComplete;
    this.find(".stay")?.focus();
  }

  async #stay(): Promise<void> {
    this.asking = false;
    await this.updateComplete;
    this.find(".leave")?.focus();
  }

  #escape(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.#stay();
  }

  #leave(): void {
    this.intend({ kind: "leave" });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "mimi-room-header": MimiRoomHeader;
  }
}
