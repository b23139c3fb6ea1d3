import { html, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import type { Occupant, RoleName } from "../../src/client/contract.js";
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

/** Who is inside, and what they may do here. */
export class MimiRoomOccupants extends RoomPart {
  static override styles = [...RoomPart.styles, hueStyles, occupantsStyles];

  @property({ attribute: false }) occupants: readonly Occupant[] = [];
  @property({ attribute: false }) names: ReadonlyMap<string, string> = new Map();

  override focus(): void {
    this.find(".close")?.focus();
  }

  protected override render(): TemplateResult {
    const { strings, occupants } = this;
    return html`<section part="occupants" aria-labelledby="title" @keydown=${this.#escape}>
      <div class="head">
        <h3 id="title">${strings.people} <span class="muted">${occupants.length}</span></h3>
        <button class="icon-button close" type="button" aria-label=${strings.hidePeople} title=${strings.hidePeople}
          @click=${this.#close}>${icons.close}</button>
      </div>
      <ul tabindex="0" aria-labelledby="title">
        ${[...occupants].sort(byRank).map((occupant) => this.#occupant(occupant))}
      </ul>
    </section>`;
  }

  #occupant(occupant: Occupant): TemplateResult {
    const { strings } = this;
    const role = strings.roles[occupant.role];
    const name = this.names.get(occupant.userUri) ?? occupant.nickname;
    const more = [occupant.own ? strings.you : "", occupant.clients > 1 ? strings.devices(occupant.clients) : ""]
      .filter((part) => part !== "")
      .join(" · ");
    return html`<li class=${hueOf(occupant.userUri)} part="occupant">
      <span class="picture" aria-hidden="true">${initialOf(occupant.nickname)}</span>
      <span class="who">
        <bdi>${name}</bdi>
        ${more === "" ? nothing : html`<span class="muted more">${more}</span>`}
      </span>
      ${role === "" ? nothing : html`<span class="role">${role}</span>`}
    </li>`;
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
