import { html, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { RoomSettings, UserModeration } from "../../src/client/contract.js";
import { Inquiry } from "./inquiry.js";
import { OrganiserDoneEvent } from "./organiser-done-event.js";
import { OrganiserPart } from "./organiser-part.js";
import { type ConfirmedDeed, isConfirmed, type OfferedDeed, type PersonDeed, personDeeds } from "./person-deeds.js";

/** What can be done to one person, with what each of it does. */
export class MimiOrganiserPerson extends OrganiserPart {
  @property({ attribute: false }) user = "";
  @property({ attribute: false }) settings: RoomSettings | undefined;

  @state() private moderation: UserModeration | undefined;
  /** The deed that waits for a second tap. */
  @state() private asked: ConfirmedDeed | undefined;
  @state() private busy: PersonDeed | undefined;
  @state() private refused: { readonly deed: PersonDeed; readonly why: string } | undefined;
  /** Why it is not known how the person stands. */
  @state() private unknown = "";

  readonly #standing = new Inquiry(
    () => this.ask((room) => room.moderation(this.user)),
    (answer) => {
      if (answer.ok) this.moderation = answer.value;
      this.unknown = answer.ok ? "" : this.refusal(answer.problem);
    },
  );

  protected override willUpdate(): void {
    const { user, room } = this;
    const there = room.occupants.find(({ userUri }) => userUri === user);
    this.#standing.about(user, room.policyMark, room.me?.role, there?.role, there?.clients);
  }

  protected override render(): TemplateResult {
    const { words, moderation, settings, unknown } = this;
    if (unknown !== "") return this.failed(unknown, () => this.#standing.ask());
    if (moderation === undefined || settings === undefined)
      return html`<p class="muted small" role="status">${words.working}</p>`;
    const deeds = personDeeds(moderation, settings.values);
    if (deeds.length === 0) return html`<p class="muted small">${words.nothingToDo}</p>`;
    return html`<ul class="deeds">${deeds.map((offered) => html`<li>${this.#deed(offered)}</li>`)}</ul>`;
  }

  #deed(offered: OfferedDeed): TemplateResult {
    const { deed } = offered;
    const { label, means } = this.words.deeds[deed];
    const why = this.refused?.deed === deed ? html`<p class="mistake" role="alert">${this.refused.why}</p>` : nothing;
    if (isConfirmed(deed) && this.asked === deed) return html`${this.#confirm(offered, deed)}${why}`;
    return html`<button
        class="deed"
        part="action"
        type="button"
        data-deed=${deed}
        aria-disabled=${this.busy !== undefined}
        @click=${() => this.#choose(offered)}
      >
        <span class="label">${label}</span>
        <span class="muted small">${this.busy === deed ? this.words.working : means}</span>
      </button>
      ${why}`;
  }

  #confirm(offered: OfferedDeed, deed: ConfirmedDeed): TemplateResult {
    const { words, strings, busy } = this;
    const { label, means } = words.deeds[deed];
    const question = words.asks[deed](this.nameOf(this.user));
    return html`<div class="ask" role="group" aria-label=${question} @keydown=${this.#escape}>
      <p><strong><bdi>${question}</bdi></strong> ${means}</p>
      <div class="row">
        <button class="button small cancel" part="button" type="button" @click=${this.#cancel}>${strings.cancel}</button>
        <button
          class="button small danger"
          part="button"
          type="button"
          aria-disabled=${busy !== undefined}
          @click=${() => this.#do(offered)}
        >
          ${busy === undefined ? label : words.working}
        </button>
      </div>
    </div>`;
  }

  async #choose(offered: OfferedDeed): Promise<void> {
    if (this.busy !== undefined) return;
    this.refused = undefined;
    const { deed } = offered;
    if (!isConfirmed(deed)) {
      await this.#do(offered);
      return;
    }
    this.asked = deed;
    await this.updateComplete;
    this.find(".cancel")?.focus();
  }

  async #do({ deed, standing }: OfferedDeed): Promise<void> {
    if (this.busy !== undefined) return;
    const { user, moderation } = this;
    const who = this.nameOf(user);
    this.busy = deed;
    this.refused = undefined;
    const answer = await this.ask((room) =>
      standing === undefined ? room.kick(user) : room.changeStanding(user, standing),
    );
    this.busy = undefined;
    if (!answer.ok) {
      this.refused = { deed, why: this.refusal(answer.problem) };
      return;
    }
    this.asked = undefined;
    const before = moderation?.standing;
    const undo =
      standing === undefined || before === undefined || before === "system" ? undefined : { user, standing: before };
    this.dispatchEvent(
      new OrganiserDoneEvent({ text: this.words.deeds[deed].done(who), ...(undo === undefined ? {} : { undo }) }),
    );
    this.intend({ kind: "tool", tool: undefined });
  }

  readonly #cancel = async (): Promise<void> => {
    const { asked } = this;
    this.asked = undefined;
    this.refused = undefined;
    await this.updateComplete;
    this.find(`[data-deed="${asked}"]`)?.focus();
  };

  #escape(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.#cancel();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "mimi-organiser-person": MimiOrganiserPerson;
  }
}
