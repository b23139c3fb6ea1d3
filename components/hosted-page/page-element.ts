import { html, LitElement, type TemplateResult } from "lit";
import { RoomError } from "../../src/client/room-error.js";
import { english } from "../english.js";
import { baseStyles } from "../shared/base.styles.js";
import { problemSentence } from "../shared/problem-text.js";
import { formStyles } from "./page-form.styles.js";

/** An element of the provider's page. Its theme comes from `<mimi-hosted-page>` around it. */
export abstract class PageElement extends LitElement {
  static override styles = [baseStyles, formStyles];

  /** A labelled text field with what is wrong about it. */
  protected field(options: {
    readonly id: string;
    readonly label: unknown;
    readonly value: string;
    readonly type?: string;
    readonly mistake: string;
    readonly hint?: string;
    readonly placeholder?: string;
    readonly autocomplete?: string;
    readonly input: (value: string) => void;
  }): TemplateResult {
    const {
      id,
      label,
      value,
      type = "text",
      mistake,
      hint = "",
      placeholder = "",
      autocomplete = "off",
      input,
    } = options;
    return html`<div class="question">
      <label for=${id}>${label}</label>
      <input
        class="field"
        id=${id}
        type=${type}
        dir="auto"
        autocomplete=${autocomplete}
        placeholder=${placeholder}
        .value=${value}
        aria-invalid=${mistake !== ""}
        aria-describedby="${id}-hint ${id}-mistake"
        @input=${(event: InputEvent) => input((event.currentTarget as HTMLInputElement).value)}
      />
      <p class="muted small" id="${id}-hint" ?hidden=${hint === ""}>${hint}</p>
      <p class="mistake" id="${id}-mistake" role="alert">${mistake}</p>
    </div>`;
  }

  /** Puts the focus on the first field that has a mistake. */
  protected async focusMistake(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }

  /** What went wrong, in a sentence. */
  protected sentence(error: unknown): string {
    return problemSentence(error instanceof RoomError ? error.problem : { code: "internal", retry: true }, english);
  }
}
