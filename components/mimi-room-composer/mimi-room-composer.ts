import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { Me } from "../../src/client/contract.js";
import { icons } from "../shared/icons.js";
import { type Remembered, remembered } from "../shared/remembered.js";
import { RoomPart } from "../shared/room-part.js";
import { composerStyles } from "./mimi-room-composer.styles.js";

/** A message's most characters; more is for a document, and the hub would refuse it. */
const LONGEST = 12_000;

/** The draft of a room in this browser, under the name that {@link MimiRoomComposer.memory} gives it. */
export function draftOf(memory: string): Remembered {
  return remembered(`draft/${memory}`);
}

/** Where one writes. Enter sends, Shift+Enter breaks the line; what is not sent yet outlives a reload. */
export class MimiRoomComposer extends RoomPart {
  static override styles = [...RoomPart.styles, composerStyles];

  /** Whether its user may write, and what they are called. */
  @property({ attribute: false }) me: Me | undefined;

  @property({ type: Boolean }) offline = false;

  /** Names the draft that is remembered; empty to remember none. */
  @property({ attribute: false }) memory = "";

  @state() private text = "";

  #draft: Remembered | undefined;

  private get field(): HTMLTextAreaElement | null {
    return this.find("textarea");
  }

  override focus(): void {
    this.field?.focus();
  }

  /** Puts back a text that could not be taken, before what has been typed since. */
  restore(text: string): void {
    this.#write(this.text === "" ? text : `${text}\n${this.text}`);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("memory")) return;
    this.#draft = this.memory === "" ? undefined : draftOf(this.memory);
    if (this.text === "") this.text = this.#draft?.get() ?? "";
  }

  protected override render(): TemplateResult {
    const { strings, text } = this;
    const denied = this.#denial();
    const excess = Math.max(0, text.length - LONGEST);
    return html`<form class=${denied === "" ? "" : "denied"} part="composer" @submit=${this.#submit}>
      <div class="box">
        <div class="grow">
          <div class="mirror" aria-hidden="true">${text}${"\u200b"}</div>
          <textarea
            part="input"
            rows="1"
            dir="auto"
            enterkeyhint="send"
            autocapitalize="sentences"
            aria-label=${strings.compose}
            aria-describedby="reason"
            placeholder=${denied || (this.offline ? strings.composeOffline : strings.composeHint)}
            ?readonly=${denied !== ""}
            .value=${text}
            @input=${this.#type}
            @keydown=${this.#key}
          ></textarea>
        </div>
        ${denied === "" ? this.#button(text.trim() === "" || excess > 0) : nothing}
      </div>
      <p id="reason" class=${excess > 0 ? "excess" : "sr-only"} role=${excess > 0 ? "alert" : nothing}>
        ${excess > 0 ? strings.tooLong(excess) : denied}
      </p>
    </form>`;
  }

  #button(idle: boolean): TemplateResult {
    // Not disabled: a button that loses its focus throws it to the page's body.
    return html`<button class="send" part="send-button" type="submit" aria-label=${this.strings.send}
      title=${this.strings.send} aria-disabled=${idle}>${icons.send}</button>`;
  }

  #denial(): string {
    const maySend = this.me?.maySend;
    if (maySend === undefined || maySend.allowed) return "";
    return this.strings.rules[maySend.rule] ?? this.strings.maySendNot;
  }

  #type(): void {
    this.#write(this.field?.value ?? "");
  }

  #write(text: string): void {
    this.text = text;
    this.#draft?.set(text);
  }

  #key(event: KeyboardEvent): void {
    // While an input method composes, Enter picks a candidate; Safari says so by the key code 229 only.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.#send();
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    this.#send();
    this.focus();
  }

  #send(): void {
    const text = this.text.trim();
    if (text === "" || text.length > LONGEST || this.#denial() !== "") return;
    this.#write("");
    // Typed and sent before it was drawn, the text would stay: what is drawn has not changed.
    if (this.field !== null) this.field.value = "";
    this.intend({ kind: "send", text });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "mimi-room-composer": MimiRoomComposer;
  }
}
