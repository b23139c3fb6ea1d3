import { html, LitElement, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { MimiLinkCopiedEvent } from "../events.js";
import { baseStyles } from "../shared/base.styles.js";
import { icons } from "../shared/icons.js";
import { PageScheme, type Theme } from "../shared/page-scheme.js";
import { themeStyles } from "../shared/theme.styles.js";
import { type Strings, stringsWith } from "../strings.js";
import { joinAddress } from "./join-address.js";
import { joinLinkStyles } from "./mimi-join-link.styles.js";

/**
 * A room's join link: opens the room on its provider's page, and can be copied.
 *
 * @slot - The link's text. Defaults to the address.
 * @fires {MimiLinkCopiedEvent} mimi-link-copied - The link was copied.
 * @csspart link - The link.
 * @csspart button - The button that copies.
 */
export class MimiJoinLink extends LitElement {
  static override styles = [baseStyles, themeStyles, joinLinkStyles];

  /** The base URL of the provider that the room is reached through. */
  @property({ reflect: true }) provider = "";

  /** The room's URI: `mimi://provider.example/r/room`. */
  @property({ reflect: true }) room = "";

  /** `light`, `dark`, or `auto`: as the page is. */
  @property({ reflect: true }) theme: Theme = "auto";

  /** Words in another language, or other words. */
  @property({ attribute: false }) strings: Partial<Strings> | undefined;

  @state() private outcome: "" | "copied" | "copyFailed" = "";

  constructor() {
    super();
    new PageScheme(this);
  }

  protected override render(): TemplateResult {
    const words = stringsWith(this.strings);
    const address = joinAddress(this.provider, this.room);
    if (address === undefined) return html``;
    return html`<span class="row">
        <a part="link" href=${address} target="_blank" rel="noopener"><slot>${address}</slot></a>
        <button class="button small" part="button" type="button" @click=${() => this.#copy(address)}>
          ${this.outcome === "copied" ? icons.check : icons.copy}${words.copyLink}
        </button>
      </span>
      <span class=${this.outcome === "copyFailed" ? "small" : "sr-only"} role="status">
        ${this.outcome === "" ? "" : words[this.outcome]}
      </span>`;
  }

  async #copy(address: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(address);
      this.outcome = "copied";
      this.dispatchEvent(new MimiLinkCopiedEvent(address));
    } catch {
      // The page may not use the clipboard; the address is there to be selected.
      this.outcome = "copyFailed";
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "mimi-join-link": MimiJoinLink;
  }
}
