import { html, LitElement, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { RoomClient } from "../../src/client/room-client.js";
import type { MimiPhaseEvent } from "../events.js";
import { baseStyles } from "../shared/base.styles.js";
import { icons } from "../shared/icons.js";
import { PageScheme, type Theme } from "../shared/page-scheme.js";
import { themeStyles } from "../shared/theme.styles.js";
import { hostedPageStyles } from "./mimi-hosted-page.styles.js";
import type { MimiMadeRoom } from "./mimi-made-room.js";
import type { RoomMadeEvent } from "./mimi-make-room.js";
import { takePageAddress } from "./page-address.js";
import { page } from "./page-strings.js";

interface Made {
  readonly client: RoomClient;
  readonly room: string;
}

/** The provider's page: makes a room, or is one, as its address says. */
export class MimiHostedPage extends LitElement {
  static override styles = [baseStyles, themeStyles, hostedPageStyles];

  /** `light`, `dark`, or `auto`: as the browser is. */
  @property({ reflect: true }) theme: Theme = "auto";

  @state() private made: Made | undefined;

  readonly #address = takePageAddress(location, history);

  constructor() {
    super();
    new PageScheme(this);
  }

  protected override render(): TemplateResult {
    const { room, userKey } = this.#address;
    if (room !== undefined) {
      return html`<main class="full">
        <mimi-room
          .provider=${location.origin}
          .room=${room}
          .userKey=${userKey}
          @mimi-phase=${this.#title}
        ></mimi-room>
      </main>`;
    }
    const { made } = this;
    if (made === undefined) return this.#home();
    return html`<main class="page">
      <mimi-made-room .client=${made.client} .room=${made.room}></mimi-made-room>
    </main>`;
  }

  #home(): TemplateResult {
    return html`<main class="page" @mimi-room-made=${this.#show}>
      <header>
        <h1>${page.headline}</h1>
        <p class="lede muted">${page.lede}</p>
      </header>
      <mimi-make-room></mimi-make-room>
      <details>
        <summary>${icons.history}<span>${page.restoreTitle}</span></summary>
        <p class="muted small">${page.restoreHint}</p>
        <mimi-restore-seat></mimi-restore-seat>
      </details>
    </main>`;
  }

  async #show({ client, room }: RoomMadeEvent): Promise<void> {
    this.made = { client, room };
    await this.updateComplete;
    const made = this.renderRoot.querySelector<MimiMadeRoom>("mimi-made-room");
    await made?.updateComplete;
    made?.focus();
    scrollTo(0, 0);
  }

  #title({ state: { preview } }: MimiPhaseEvent): void {
    if (preview !== undefined) document.title = preview.name;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "mimi-hosted-page": MimiHostedPage;
  }
}
