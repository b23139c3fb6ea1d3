import { html, nothing, type TemplateResult } from "lit";
import type { RoomView } from "./room-views.js";

/** Who is inside; for an organiser with the tools. */
export function peopleView(view: RoomView): TemplateResult {
  const { room, names, words, tool, toolsPhase } = view;
  const organising = room.me?.mayModerate ?? false;
  return html`<mimi-room-occupants
    exportparts="occupants, occupant, person-button, fingerprint, acceptance, button"
    .room=${room}
    .names=${names}
    .tool=${organising ? tool : undefined}
    .toolsPhase=${organising ? toolsPhase : undefined}
    .strings=${words}
  >
    ${organising && toolsPhase === "ready" ? organiser(view) : nothing}
  </mimi-room-occupants>`;
}

function organiser({ room, names, words, tool, ask }: RoomView): TemplateResult {
  return html`<mimi-room-organiser
    slot="organiser"
    exportparts="organiser, action, button"
    .room=${room}
    .names=${names}
    .tool=${tool}
    .ask=${ask}
    .strings=${words}
  ></mimi-room-organiser>`;
}
