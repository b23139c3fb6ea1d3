import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { RoomSettings } from "../../src/client/contract.js";
import type { Tool } from "../room-intent.js";
import { icons } from "../shared/icons.js";
import { Inquiry } from "./inquiry.js";
import type { Deed, OrganiserDoneEvent } from "./organiser-done-event.js";
import { OrganiserPart } from "./organiser-part.js";

/** The tools of a room's organisers: a bar above the list of people, or the tool that takes the list's place. */
export class MimiRoomOrganiser extends OrganiserPart {
  @property({ attribute: false }) tool: Tool | undefined;

  @state() private settings: RoomSettings | undefined;
  /** What was done last, until something else is done. */
  @state() private deed: Deed | undefined;
  @state() private refused = "";
  /** Why the policy as it stands is not known. */
  @state() private unknown = "";
  @state() private busy = false;

  readonly #policy = new Inquiry(
    () => this.ask((room) => room.settings()),
    (answer) => {
      this.unknown = answer.ok ? "" : this.refusal(answer.problem);
      if (answer.ok) this.settings = answer.value;
    },
  );

  protected override willUpdate(): void {
    // Whether each setting may be changed is dear to find out in a large room, and not to be asked with every arrival.
    this.#policy.about(this.room.policyMark, this.room.me?.role);
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has("tool") || changed.get("tool") === this.tool) return;
    if (this.tool !== undefined) this.find(".back")?.focus();
    else if (changed.get("tool")?.kind !== "person") this.find(`.${changed.get("tool")?.kind}`)?.focus();
  }

  protected override render(): TemplateResult {
    return html`<div part="organiser" @mimi-organiser-done=${this.#done}>
      ${this.tool === undefined ? this.#bar() : nothing}
      <div role="status" class="told">${this.deed === undefined ? nothing : this.#told(this.deed)}</div>
      ${this.refused === "" ? nothing : html`<p class="mistake" role="alert">${this.refused}</p>`}
      ${this.unknown === "" ? nothing : this.failed(this.unknown, () => this.#policy.ask())}
      ${this.tool === undefined ? nothing : this.#page(this.tool)}
    </div>`;
  }

  #bar(): TemplateResult {
    const { words, settings, room } = this;
    // Until the policy is there, who may call the room otherwise may most likely lock it: the list below does not jump.
    const locks = settings === undefined ? room.me?.mayRename : settings.mayChange.includes("lockdown");
    return html`<div class="bar">
      <button class="button small rules" part="button" type="button" @click=${() => this.#open({ kind: "rules" })}>
        ${words.rules}
      </button>
      <button class="button small banned" part="button" type="button" @click=${() => this.#open({ kind: "banned" })}>
        ${words.banned(settings?.banned.length ?? 0)}
      </button>
      ${locks ? this.#lock(settings?.values.lockdown) : nothing}
    </div>`;
  }

  #lock(locked: boolean | undefined): TemplateResult {
    const { words, busy } = this;
    return html`<button
      class="button small lock"
      part="button"
      type="button"
      aria-disabled=${busy || locked === undefined}
      @click=${() => locked !== undefined && this.#lockDown(!locked)}
    >
      ${icons.lock}${busy ? words.working : locked ? words.unlock : words.lockDown}
    </button>`;
  }

  #told({ text, undo }: Deed): TemplateResult {
    const { words, busy } = this;
    return html`<span class="small">${text}</span>
      ${
        undo === undefined
          ? nothing
          : html`<button class="button small undo" part="button" type="button" aria-disabled=${busy} @click=${this.#undo}>
            ${busy ? words.working : words.undo}
          </button>`
      }`;
  }

  #page(tool: Tool): TemplateResult {
    const { words } = this;
    return html`<section aria-labelledby="page-title" @keydown=${this.#escape}>
      <div class="top">
        <button class="icon-button back" type="button" aria-label=${words.back} title=${words.back}
          @click=${this.#back}>${icons.back}</button>
        <h4 id="page-title"><bdi>${this.#title(tool)}</bdi></h4>
      </div>
      ${this.settings === undefined && this.unknown !== "" ? nothing : this.#content(tool)}
    </section>`;
  }

  #title(tool: Tool): string {
    if (tool.kind === "person") return this.nameOf(tool.user);
    return tool.kind === "rules" ? this.words.rules : this.words.bannedTitle;
  }

  #content(tool: Tool): TemplateResult {
    const { room, names, ask, strings, settings } = this;
    switch (tool.kind) {
      case "person":
        return html`<mimi-organiser-person
          .user=${tool.user} .room=${room} .settings=${settings} .names=${names} .ask=${ask} .strings=${strings}
        ></mimi-organiser-person>`;
      case "banned":
        return html`<mimi-organiser-banned
          .banned=${settings?.banned ?? []} .room=${room} .names=${names} .ask=${ask} .strings=${strings}
        ></mimi-organiser-banned>`;
      case "rules":
        return html`<mimi-organiser-rules
          .settings=${settings} .room=${room} .names=${names} .ask=${ask} .strings=${strings}
        ></mimi-organiser-rules>`;
    }
  }

  async #lockDown(lockdown: boolean): Promise<void> {
    const { words } = this;
    await this.#act({ text: lockdown ? words.lockedDown : words.unlocked }, (room) =>
      room.changeSettings({ lockdown }),
    );
  }

  readonly #undo = async (): Promise<void> => {
    const { undo } = this.deed ?? {};
    if (undo === undefined) return;
    const { user, standing } = undo;
    await this.#act({ text: this.words.undone(this.nameOf(user)) }, (room) => room.changeStanding(user, standing));
  };

  async #act(deed: Deed, action: Parameters<typeof this.ask<void>>[0]): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.refused = "";
    const answer = await this.ask(action);
    this.busy = false;
    if (answer.ok) this.#tell(deed);
    else this.refused = this.refusal(answer.problem);
  }

  #done(event: OrganiserDoneEvent): void {
    event.stopPropagation();
    this.#tell(event.deed);
  }

  #tell(deed: Deed): void {
    this.refused = "";
    this.deed = deed;
    this.#policy.ask();
  }

  #open(tool: Tool): void {
    this.deed = undefined;
    this.intend({ kind: "tool", tool });
  }

  readonly #back = (): void => this.intend({ kind: "tool", tool: undefined });

  #escape(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.#back();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "mimi-room-organiser": MimiRoomOrganiser;
  }
}
