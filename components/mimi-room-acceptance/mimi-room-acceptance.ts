import { html, type PropertyValues, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import type { Acceptance } from "../../src/client/contract.js";
import { RoomPart } from "../shared/room-part.js";
import { acceptanceStyles } from "./mimi-room-acceptance.styles.js";

/** Who said nothing about it accepts every room. */
const ALL: Acceptance = { logging: true, history: true, bots: true, receipts: true, pseudonyms: true };

/** What a person accepts of rooms: a list to tick, folded until it is wanted. */
export class MimiRoomAcceptance extends RoomPart {
  static override styles = [...RoomPart.styles, acceptanceStyles];

  @property({ attribute: false }) acceptance: Acceptance | undefined;

  /** Whether it stands in the way of joining: then it unfolds by itself, and folds only by hand. */
  @property({ type: Boolean }) open = false;

  override focus(): void {
    const details = this.find<HTMLDetailsElement>("details");
    if (details) details.open = true;
    this.find("input")?.focus();
  }

  protected override updated(changed: PropertyValues<this>): void {
    const details = this.find<HTMLDetailsElement>("details");
    if (changed.has("open") && this.open && details) details.open = true;
  }

  protected override render(): TemplateResult {
    const { acceptance = ALL } = this;
    const { title, hint, ...kinds } = this.strings.acceptance;
    return html`<details part="acceptance">
      <summary>${title}</summary>
      <p class="muted small">${hint}</p>
      <ul>
        ${Object.entries(kinds).map(
          ([kind, label]) => html`<li>
            <label>
              <input
                type="checkbox"
                .checked=${acceptance[kind as keyof Acceptance]}
                @change=${(event: Event) => this.#tick(event, kind as keyof Acceptance)}
              />
              <span>${label}</span>
            </label>
          </li>`,
        )}
      </ul>
    </details>`;
  }

  /** What is ticked is what the room has taken: it may refuse, as long as one is inside. */
  #tick({ currentTarget }: Event, kind: keyof Acceptance): void {
    const { acceptance = ALL } = this;
    (currentTarget as HTMLInputElement).checked = acceptance[kind];
    this.intend({ kind: "accept", acceptance: { ...acceptance, [kind]: !acceptance[kind] } });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "mimi-room-acceptance": MimiRoomAcceptance;
  }
}
