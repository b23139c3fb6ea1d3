import { html, LitElement, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { MimiKnockRequestEvent } from "../events.js";
import { baseStyles } from "../shared/base.styles.js";
import { PageScheme, type Theme } from "../shared/page-scheme.js";
import { themeStyles } from "../shared/theme.styles.js";
import { type Strings, stringsWith } from "../strings.js";
import { knockStyles } from "./mimi-knock.styles.js";

/**
 * A button that asks to be let into a room.
 *
 * @slot - The label. Defaults to "Ask to join".
 * @fires {MimiKnockRequestEvent} mimi-knock-request - The user asks to be let in.
 * @csspart button - The native button.
 */
export class MimiKnock extends LitElement {
  static override styles = [baseStyles, themeStyles, knockStyles];

  /** What the people inside are told about the knocker. */
  @property() reason = "";

  /** Whether a knock is under way; the button does nothing meanwhile. */
  @property({ type: Boolean, reflect: true }) pending = false;

  /** `light`, `dark`, or `auto`: as the page is. */
  @property({ reflect: true }) theme: Theme = "auto";

  /** Words in another language, or other words. */
  @property({ attribute: false }) strings: Partial<Strings> | undefined;

  constructor() {
    super();
    new PageScheme(this);
  }

  override focus(): void {
    this.renderRoot.querySelector("button")?.focus();
  }

  protected override render(): TemplateResult {
    return html`<button
      class="button"
      part="button"
      type="button"
      aria-disabled=${this.pending}
      aria-busy=${this.pending}
      @click=${this.#knock}
    >
      <slot>${stringsWith(this.strings).knock}</slot>
    </button>`;
  }

  #knock(): void {
    if (!this.pending) this.dispatchEvent(new MimiKnockRequestEvent(this.reason));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "mimi-knock": MimiKnock;
  }
}
