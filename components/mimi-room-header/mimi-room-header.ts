import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { RoomState } from "../../src/client/contract.js";
import { icons } from "../shared/icons.js";
import { RoomPart } from "../shared/room-part.js";
import { headerStyles } from "./mimi-room-header.styles.js";

/** The top of a joined room: its name, which who may can change; who is inside, and the way out, which asks once. */
export class MimiRoomHeader extends RoomPart {
  static override styles = [...RoomPart.styles, headerStyles];

  @property({ attribute: false }) room: RoomState | undefined;

  /** Whether the list of occupants is shown. */
  @property({ type: Boolean }) occupantsOpen = false;

  @state() private asking: "leave" | "name" | undefined;

  /** Puts the focus on the button that shows the occupants. */
  focusOccupants(): void {
    this.find(".occupants")?.focus();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("room")) return;
    const { phase, me } = this.room ?? {};
    if (phase !== "joined" || (this.asking === "name" && !me?.mayRename)) this.asking = undefined;
  }

  protected override render(): TemplateResult {
    const { room, strings, asking } = this;
    if (asking === "name") return html`<div part="header" class="bar">${this.#rename()}</div>`;
    return html`<div part="header" class=${asking ? "bar asking" : "bar"}>
      <slot name="header">
        <div class="title">
          <h2 part="name"><bdi>${room?.preview?.name || strings.untitled}</bdi></h2>
          <p class="muted small">${icons.lock}<span>${this.#subtitle()}</span></p>
        </div>
      </slot>
      ${room?.phase !== "joined" ? nothing : asking ? this.#confirm() : this.#actions()}
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
      ${room?.me?.mayRename ? this.#renameButton() : nothing}
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
        @click=${() => this.#ask("leave", ".stay")}
      >
        ${icons.door}
      </button>
    </div>`;
  }

  #renameButton(): TemplateResult {
    const { rename } = this.strings;
    return html`<button
      class="icon-button rename"
      part="rename-button"
      type="button"
      aria-label=${rename}
      title=${rename}
      @click=${() => this.#ask("name", "#name")}
    >
      ${icons.pencil}
    </button>`;
  }

  /** What is typed stays, whatever the room is called meanwhile. */
  #rename(): TemplateResult {
    const { strings } = this;
    return html`<form class="naming" aria-label=${strings.rename} @submit=${this.#save} @keydown=${this.#escape}>
      <label class="sr-only" for="name">${strings.roomName}</label>
      <input
        id="name"
        class="field"
        part="room-name"
        name="name"
        autocomplete="off"
        enterkeyhint="done"
        dir="auto"
        required
        pattern=".*\\S.*"
        maxlength="200"
      />
      <button class="button small cancel" part="button" type="button" @click=${this.#stay}>${strings.cancel}</button>
      <button class="button small primary save" part="button" type="submit">${strings.save}</button>
    </form>`;
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

  async #ask(what: "leave" | "name", focused: string): Promise<void> {
    this.asking = what;
    await this.updateComplete;
    const field = this.find<HTMLInputElement>("#name");
    if (field) field.value = this.room?.preview?.name ?? "";
    field?.select();
    this.find(focused)?.focus();
  }

  async #stay(): Promise<void> {
    const button = this.asking === "name" ? ".rename" : ".leave";
    this.asking = undefined;
    await this.updateComplete;
    this.find(button)?.focus();
  }

  #escape(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.#stay();
  }

  #save(event: SubmitEvent): void {
    event.preventDefault();
    const name = this.find<HTMLInputElement>("#name")?.value.trim() ?? "";
    if (name !== this.room?.preview?.name) this.intend({ kind: "rename", name });
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
