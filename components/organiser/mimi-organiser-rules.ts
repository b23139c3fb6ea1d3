import { html, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { ExplainedChange, RoomSettings, SettingsChange, SettingValues } from "../../src/client/contract.js";
import { effectSentences } from "./effect-sentences.js";
import { goesBeyond } from "./goes-beyond.js";
import { OrganiserDoneEvent } from "./organiser-done-event.js";
import { OrganiserPart } from "./organiser-part.js";
import { settingControl, settingText } from "./setting-control.js";
import { changeBetween, SETTING_FIELDS, withSetting } from "./setting-fields.js";

/** The room's rules as a form; what it would do is said before it is done. */
export class MimiOrganiserRules extends OrganiserPart {
  @property({ attribute: false }) settings: RoomSettings | undefined;

  /** What was set here and is not saved: it stays, whatever is refused and whatever others change meanwhile. */
  @state() private draft: SettingsChange = {};
  @state() private explained: ExplainedChange | undefined;
  @state() private busy = false;
  @state() private refused = "";

  protected override render(): TemplateResult {
    const { settings, words } = this;
    if (settings === undefined) return html`<p class="muted small" role="status">${words.working}</p>`;
    return this.explained === undefined ? this.#form(settings) : this.#review(this.explained);
  }

  #form({ values, mayChange }: RoomSettings): TemplateResult {
    const { words, draft, busy } = this;
    const wanted = { ...values, ...draft };
    const fields = SETTING_FIELDS.filter(
      ({ key }) => key !== "knockAllowed" || wanted.membershipStyle === "members_only",
    );
    const mine = fields.filter(({ key }) => mayChange.includes(key));
    const theirs = fields.filter(({ key }) => !mayChange.includes(key));
    return html`<form novalidate @submit=${this.#explain}>
      ${mine.map((field) => settingControl(field, wanted, words, this.#set))}
      ${
        theirs.length === 0
          ? nothing
          : html`<p class="muted small">${mine.length > 0 && values.lockdown ? words.fixedByLockdown : words.fixed}</p>
            <dl>${theirs.map((field) => settingText(field, values, words))}</dl>`
      }
      ${this.#mistake()}
      ${
        mine.length === 0
          ? nothing
          : html`<button class="button primary review" part="button" type="submit" aria-disabled=${busy}>
            ${busy ? words.working : words.review}
          </button>`
      }
    </form>`;
  }

  #review({ allowed, effects }: ExplainedChange): TemplateResult {
    const { words, strings, busy } = this;
    const sentences = effectSentences(effects, { strings, words, nameOf: (user) => this.nameOf(user) });
    return html`<div class="effects" @keydown=${this.#escape}>
      <p class="label" tabindex="-1" id="review">${words.reviewTitle}</p>
      ${
        sentences.length === 0
          ? html`<p>${words.noEffect}</p>`
          : html`<ul class="sentences">${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>`
      }
      ${allowed.allowed ? nothing : html`<p class="mistake" role="alert">${this.#why(allowed.rule)}</p>`}
      ${this.#mistake()}
      <div class="row">
        <button class="button small edit" part="button" type="button" @click=${this.#edit}>${words.backToForm}</button>
        ${
          allowed.allowed
            ? html`<button class="button small primary save" part="button" type="button" aria-disabled=${busy}
              @click=${this.#save}>${busy ? words.saving : words.save}</button>`
            : nothing
        }
      </div>
    </div>`;
  }

  #mistake(): unknown {
    return this.refused === "" ? nothing : html`<p class="mistake" role="alert">${this.refused}</p>`;
  }

  #why(rule: string): string {
    return this.refusal({ code: "notAllowed", rule, retry: false });
  }

  readonly #set = <Key extends keyof SettingValues>(key: Key, value: SettingValues[Key]): void => {
    const { values } = this.settings ?? {};
    if (values === undefined) return;
    this.refused = "";
    this.draft = changeBetween(values, withSetting({ ...values, ...this.draft }, key, value));
  };

  async #explain(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { draft } = this;
    if (this.busy) return;
    if (Object.keys(draft).length === 0) {
      this.refused = this.words.noChange;
      return;
    }
    this.refused = "";
    this.busy = true;
    const answer = await this.ask((room) => room.explain(draft));
    this.busy = false;
    if (!answer.ok) {
      this.refused = this.refusal(answer.problem);
      return;
    }
    this.explained = answer.value;
    await this.updateComplete;
    this.find("#review")?.focus();
  }

  readonly #edit = async (): Promise<void> => {
    this.explained = undefined;
    this.refused = "";
    await this.updateComplete;
    this.find(".review")?.focus();
  };

  readonly #save = async (): Promise<void> => {
    const { draft, words, explained } = this;
    if (this.busy || explained === undefined) return;
    this.busy = true;
    this.refused = "";
    const now = await this.ask((room) => room.explain(draft));
    // Whoever came meanwhile was not named, and may not want to be taken out by a tap.
    const isNew = now.ok && goesBeyond(now.value, explained);
    const answer = now.ok && !isNew ? await this.ask((room) => room.changeSettings(draft)) : now;
    this.busy = false;
    if (now.ok && isNew) {
      this.explained = now.value;
      this.refused = words.changedMeanwhile;
      return;
    }
    if (!answer.ok) {
      this.refused = this.refusal(answer.problem);
      return;
    }
    this.draft = {};
    this.explained = undefined;
    this.dispatchEvent(new OrganiserDoneEvent({ text: words.saved }));
    this.intend({ kind: "tool", tool: undefined });
  };

  #escape(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.#edit();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "mimi-organiser-rules": MimiOrganiserRules;
  }
}
