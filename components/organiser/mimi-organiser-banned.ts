import { html, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { OrganiserDoneEvent } from "./organiser-done-event.js";
import { OrganiserPart } from "./organiser-part.js";

/** Who is banned, and the way back. */
export class MimiOrganiserBanned extends OrganiserPart {
  @property({ attribute: false }) banned: readonly string[] = [];

  @state() private busy: string | undefined;
  @state() private refused: { readonly user: string; readonly why: string } | undefined;

  protected override render(): TemplateResult {
    const { banned, words } = this;
    if (banned.length === 0) return html`<p class="muted small">${words.nobodyBanned}</p>`;
    return html`<ul class="banned">${banned.map((user) => this.#one(user))}</ul>`;
  }

  #one(user: string): TemplateResult {
    const { words, busy, refused } = this;
    const { label } = words.deeds.unban;
    const who = this.nameOf(user);
    return html`<li>
      <div class="row">
        <span class="who"><bdi title=${user}>${who}</bdi></span>
        <button
          class="button small"
          part="button"
          type="button"
          aria-label=${`${label}: ${who}`}
          aria-disabled=${busy !== undefined}
          @click=${() => this.#unban(user)}
        >
          ${busy === user ? words.working : label}
        </button>
      </div>
      ${refused?.user === user ? html`<p class="mistake" role="alert">${refused.why}</p>` : ""}
    </li>`;
  }

  async #unban(user: string): Promise<void> {
    if (this.busy !== undefined) return;
    this.busy = user;
    this.refused = undefined;
    const answer = await this.ask((room) => room.changeStanding(user, "none"));
    this.busy = undefined;
    if (!answer.ok) {
      this.refused = { user, why: this.refusal(answer.problem) };
      return;
    }
    const text = this.words.deeds.unban.done(this.nameOf(user));
    this.dispatchEvent(new OrganiserDoneEvent({ text, undo: { user, standing: "banned" } }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "mimi-organiser-banned": MimiOrganiserBanned;
  }
}
