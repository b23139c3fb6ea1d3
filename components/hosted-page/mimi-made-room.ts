import { html, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { RoomClient } from "../../src/client/room-client.js";
import { joinAddress } from "../mimi-join-link/join-address.js";
import { embedSnippet, scriptIntegrity } from "./embed-snippet.js";
import { PageElement } from "./page-element.js";
import { page } from "./page-strings.js";

/** What an organiser takes away: the snippet for the site, the link, the key. */
export class MimiMadeRoom extends PageElement {
  @property({ attribute: false }) room = "";
  @property({ attribute: false }) client: RoomClient | undefined;

  @state() private integrity: string | undefined;
  /** Whether the hash has come, or is known to be none: before that the snippet is not to be copied. */
  @state() private settled = false;
  @state() private copied: "" | "copied" | "copyFailed" = "";

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>("h1")?.focus();
  }

  protected override async firstUpdated(changed: PropertyValues<this>): Promise<void> {
    super.firstUpdated(changed);
    try {
      this.integrity = await scriptIntegrity(location.origin);
    } catch {
      // The snippet works without a hash as well.
      this.integrity = undefined;
    } finally {
      this.settled = true;
    }
  }

  protected override render(): TemplateResult {
    const snippet = embedSnippet(location.origin, this.room, this.integrity);
    const name = this.client?.state.preview?.name ?? "";
    return html`<div class="stack">
      <header>
        <h1 tabindex="-1">${page.madeTitle}</h1>
        <p class="muted">${name === "" ? "" : html`<bdi>${name}</bdi>. `}${page.madeLede}</p>
      </header>
      <section class="card">
        <h2>${page.embedTitle}</h2>
        <p class="muted small">${page.embedHint}</p>
        <pre id="snippet" part="snippet" aria-busy=${!this.settled}><code>${this.settled ? snippet : "…"}</code></pre>
        <div class="row">
          <button class="button" type="button" ?disabled=${!this.settled} @click=${() => this.#copy(snippet)}>${page.copy}</button>
          <span class="small" role="status">${this.copied === "" ? "" : page[this.copied]}</span>
        </div>
      </section>
      <section class="card">
        <h2>${page.shareTitle}</h2>
        <p class="muted small">${page.shareHint}</p>
        <mimi-join-link .provider=${location.origin} .room=${this.room}></mimi-join-link>
        <div class="row">
          <a class="button primary" href=${joinAddress(location.origin, this.room) ?? "/"}>${page.openRoom}</a>
        </div>
      </section>
      <section class="card">
        <h2>${page.kitTitle}</h2>
        <p class="muted small">${page.kitHint}</p>
        <mimi-recovery-kit .client=${this.client} .name=${name}></mimi-recovery-kit>
      </section>
    </div>`;
  }

  async #copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.copied = "copied";
    } catch {
      this.copied = "copyFailed";
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "mimi-made-room": MimiMadeRoom;
  }
}
