import { html, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import type { Occupant, RoleName, RoomState } from "../../src/client/contract.js";
import type { ToolsPhase } from "../mimi-room/organiser-tools.js";
import type { Tool } from "../room-intent.js";
import { hueOf, initialOf } from "../shared/hue.js";
import { hueStyles } from "../shared/hue.styles.js";
import { icons } from "../shared/icons.js";
import { RoomPart } from "../shared/room-part.js";
import { occupantsStyles } from "./mimi-room-occupants.styles.js";

const RANK: Readonly<Record<RoleName, number>> = {
  owner: 0,
  admin: 1,
  system: 2,
  regular_user: 3,
  visitor: 4,
  banned: 5,
};

/** Who is inside, and what they may do here; below it what makes sure that it is one room for all. */
export class MimiRoomOccupants extends RoomPart {
  static override styles = [...RoomPart.styles, hueStyles, occupantsStyles];

  @property({ attribute: false }) room: RoomState | undefined;
  @property({ attribute: false }) names: ReadonlyMap<string, string> = new Map();

  /** The organiser's tool that stands in the place of the list. */
  @property({ attribute: false }) tool: Tool | undefined;

  /** How far the organisers' tools have come, which stand in the slot; absent for everybody else. */
  @property({ attribute: false }) toolsPhase: ToolsPhase | undefined;

  override focus(): void {
    this.find(".close")?.focus();
  }

  /** Puts the focus on the button of somebody's tools; of a person who is gone, on the panel. */
  focusPerson(user: string): void {
    const buttons = [...this.renderRoot.querySelectorAll<HTMLElement>(".person")];
    (buttons.find(({ dataset }) => dataset.user === user) ?? this).focus();
  }

  protected override render(): TemplateResult {
    const { strings, toolsPhase } = this;
    const occupants = this.room?.occupants ?? [];
    const covered = this.tool !== undefined && toolsPhase === "ready";
    return html`<section part="occupants" aria-labelledby="title" @keydown=${this.#escape}>
      <div class="head">
        <h3 id="title">${strings.people} <span class="muted">${occupants.length}</span></h3>
        <button class="icon-button close" type="button" aria-label=${strings.hidePeople} title=${strings.hidePeople}
          @click=${this.#close}>${icons.close}</button>
      </div>
      <div class="scroll" tabindex="0" role="group" aria-labelledby="title">
        ${toolsPhase === undefined ? nothing : this.#tools(toolsPhase)}
        <div ?hidden=${covered}>
          <ul aria-labelledby="title">
            ${[...occupants].sort(byRank).map((occupant) => this.#occupant(occupant))}
          </ul>
          ${this.#fingerprint()}
          <mimi-room-acceptance .acceptance=${this.room?.acceptance} .strings=${strings}></mimi-room-acceptance>
        </div>
      </div>
    </section>`;
  }

  #occupant(occupant: Occupant): TemplateResult {
    const { strings } = this;
    const role = strings.roles[occupant.role];
    const name = this.names.get(occupant.userUri) ?? occupant.nickname;
    // Beside the button there is no room for what stands at the end of the line otherwise.
    const isBeside = this.toolsPhase === undefined;
    const more = [
      occupant.own ? strings.you : "",
      isBeside ? "" : role,
      occupant.clients > 1 ? strings.devices(occupant.clients) : "",
    ]
      .filter((part) => part !== "")
      .join(" · ");
    return html`<li class=${hueOf(occupant.userUri)} part="occupant">
      <span class="picture" aria-hidden="true">${initialOf(occupant.nickname)}</span>
      <span class="who">
        <bdi>${name}</bdi>
        ${more === "" ? nothing : html`<span class="muted more">${more}</span>`}
      </span>
      ${role === "" || !isBeside ? nothing : html`<span class="role">${role}</span>`}
      ${this.toolsPhase === undefined || occupant.own ? nothing : this.#personButton(occupant.userUri, name)}
    </li>`;
  }

  #personButton(user: string, name: string): TemplateResult {
    const label = this.strings.moderate(name);
    return html`<button
      class="icon-button person"
      part="person-button"
      type="button"
      data-user=${user}
      aria-haspopup="true"
      aria-label=${label}
      title=${label}
      @click=${() => this.intend({ kind: "tool", tool: { kind: "person", user } })}
    >
      ${icons.more}
    </button>`;
  }

  #tools(phase: ToolsPhase): TemplateResult {
    const { strings } = this;
    if (phase === "ready") return html`<slot name="organiser"></slot>`;
    if (phase !== "failed" && phase !== "blocked") {
      return html`<p class="tools muted small ${this.room?.me?.mayRename ? "owner" : ""}" role="status">${strings.toolsLoading}</p>`;
    }
    return html`<div class="tools" role="alert">
      <p class="small">${phase === "blocked" ? strings.toolsBlocked : strings.toolsFailed}</p>
      <button class="button small" part="button" type="button" @click=${() => this.intend({ kind: "loadTools" })}>
        ${strings.retry}
      </button>
    </div>`;
  }

  #fingerprint(): unknown {
    const { digits } = this.room?.fingerprint ?? {};
    if (digits === undefined) return nothing;
    const { title, hint } = this.strings.fingerprint;
    return html`<details part="fingerprint">
      <summary>${title}</summary>
      <p class="digits" dir="ltr">${digits.split(" ").map((group) => html`<span>${group}</span> `)}</p>
      <p class="muted small">${hint}</p>
    </details>`;
  }

  #escape(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.#close();
  }

  #close(): void {
    this.intend({ kind: "occupants", open: false });
  }
}

function byRank(one: Occupant, other: Occupant): number {
  return (
    Number(other.own) - Number(one.own) ||
    RANK[one.role] - RANK[other.role] ||
    one.nickname.localeCompare(other.nickname) ||
    (one.userUri < other.userUri ? -1 : 1)
  );
}

declare global {
  interface HTMLElementTagNameMap {
    "mimi-room-occupants": MimiRoomOccupants;
  }
}
