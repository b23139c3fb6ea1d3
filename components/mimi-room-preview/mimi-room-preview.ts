import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { RoomState } from "../../src/client/contract.js";
import { hueOf, initialOf } from "../shared/hue.js";
import { hueStyles } from "../shared/hue.styles.js";
import { icons } from "../shared/icons.js";
import { problemSentence } from "../shared/problem-text.js";
import { RoomPart } from "../shared/room-part.js";
import { previewStyles } from "./mimi-room-preview.styles.js";
import { policyFacts } from "./policy-facts.js";

const LONGEST_NICKNAME = 80;

/** What a stranger sees of a room before joining: what it is, what its policy means, and the way in. */
export class MimiRoomPreview extends RoomPart {
  static override styles = [...RoomPart.styles, hueStyles, previewStyles];

  @property({ attribute: false }) room: RoomState | undefined;

  /** The nickname to begin with. */
  @property({ attribute: false }) suggestion = "";

  @state() private nickname: string | undefined;
  @state() private mistake = "";

  override focus(): void {
    const join = this.find<HTMLButtonElement>(".join");
    const field = this.find<HTMLInputElement>(".field");
    (field?.value === "" ? field : join)?.focus();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("room") && this.room?.phase === "preview" && changed.get("room")?.phase === "joining") {
      this.mistake = "";
    }
  }

  protected override render(): TemplateResult {
    const { room, strings } = this;
    const preview = room?.preview;
    const name = preview?.name || strings.untitled;
    return html`<div class="card" part="preview">
      <div class="head">
        <span class="tile ${hueOf(room?.room ?? "")}" aria-hidden="true">${initialOf(name)}</span>
        <h2 part="name" dir="auto">${name}</h2>
        <p class="muted small about">
          ${
            preview === undefined
              ? nothing
              : html`<span>${strings.hostedBy(preview.host)}</span>
          <span class="inside">${icons.people}${strings.inside(preview.occupantCount)}</span>`
          }
        </p>
      </div>
      ${preview === undefined ? nothing : policyFacts(preview.facts, strings)}
      ${this.#form()}
    </div>`;
  }

  #form(): TemplateResult {
    const { strings, room } = this;
    const joining = room?.phase === "joining";
    const problem = room?.problem === undefined || joining ? "" : problemSentence(room.problem, strings);
    const mistake = this.mistake || problem;
    return html`<form novalidate @submit=${this.#join} aria-busy=${joining}>
      <label for="nickname">${strings.nickname}</label>
      <input
        id="nickname"
        class="field"
        part="nickname"
        name="nickname"
        autocomplete="nickname"
        autocapitalize="words"
        enterkeyhint="go"
        dir="auto"
        .value=${this.nickname ?? this.suggestion}
        ?readonly=${joining}
        aria-describedby="hint mistake"
        aria-invalid=${this.mistake === "" ? "false" : "true"}
        @input=${this.#type}
      />
      <p id="hint" class="muted small">${strings.nicknameHint}</p>
      <p id="mistake" class="mistake" role="alert">${mistake}</p>
      <slot name="consent"></slot>
      <button class="button primary join" part="button join" type="submit" aria-disabled=${joining || this.#unaccepted()}>
        ${joining ? html`<span class="spinner" aria-hidden="true"></span>${strings.joining}` : strings.join}
      </button>
      <mimi-room-acceptance
        exportparts="acceptance"
        .acceptance=${room?.acceptance}
        .open=${this.#unaccepted()}
        .strings=${strings}
      ></mimi-room-acceptance>
    </form>`;
  }

  /** Whether the room does what the person does not accept: ticking it is the only way in. */
  #unaccepted(): boolean {
    return this.room?.problem?.code === "notAccepted";
  }

  #type(event: InputEvent): void {
    this.nickname = (event.currentTarget as HTMLInputElement).value;
    this.mistake = "";
  }

  #join(event: SubmitEvent): void {
    event.preventDefault();
    if (this.room?.phase === "joining") return;
    if (this.#unaccepted()) {
      this.find("mimi-room-acceptance")?.focus();
      return;
    }
    const nickname = (this.nickname ?? this.suggestion).normalize("NFC").trim();
    this.mistake = this.#mistakeIn(nickname);
    if (this.mistake === "") this.intend({ kind: "join", nickname });
    else this.find(".field")?.focus();
  }

  #mistakeIn(nickname: string): string {
    if (nickname === "") return this.strings.nicknameMissing;
    return [...nickname].length > LONGEST_NICKNAME ? this.strings.nicknameTooLong : "";
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "mimi-room-preview": MimiRoomPreview;
  }
}
