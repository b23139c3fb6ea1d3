import { html, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import type { Problem, RoomState } from "../../src/client/contract.js";
import { icons } from "../shared/icons.js";
import { problemText } from "../shared/problem-text.js";
import { RoomPart } from "../shared/room-part.js";
import { statusStyles } from "./mimi-room-status.styles.js";

/** A room that is not there to be seen: it is on its way, or there is a reason and perhaps a way out. */
export class MimiRoomStatus extends RoomPart {
  static override styles = [...RoomPart.styles, statusStyles];

  @property({ attribute: false }) room: RoomState | undefined;

  override focus(): void {
    (this.find("button") ?? this.find("h2"))?.focus();
  }

  protected override render(): TemplateResult {
    return this.room?.problem === undefined ? this.#skeleton() : this.#problem();
  }

  /** As large as the preview that comes, so that nothing jumps. */
  #skeleton(): TemplateResult {
    return html`<div class="card" aria-busy="true" part="loading">
      <p class="sr-only" role="status">${this.strings.loading}</p>
      <span class="tile shimmer"></span>
      <span class="line title shimmer"></span>
      <span class="line shimmer"></span>
      <span class="box shimmer"></span>
      <span class="control shimmer"></span>
      <span class="control shimmer"></span>
    </div>`;
  }

  #problem(): TemplateResult {
    const { room, strings } = this;
    if (room?.problem === undefined) return html``;
    const { title, body } = problemText(room.problem, strings);
    const { code, detail, retry } = room.problem;
    return html`<div class="card" part="problem">
      <span class="badge" aria-hidden="true">${code === "unreachable" ? icons.offline : icons.alert}</span>
      <h2 tabindex="-1">${title}</h2>
      <p class="muted">${body}</p>
      ${this.#wayOut(code, retry)}
      ${
        detail === undefined
          ? nothing
          : html`<details class="muted small">
            <summary>${strings.forDevelopers}</summary>
            <p>${detail}</p>
          </details>`
      }
    </div>`;
  }

  #wayOut(code: Problem["code"], retry: boolean): unknown {
    const { strings } = this;
    if (code === "outdated") return wayOut(strings.reload, () => location.reload());
    return retry ? wayOut(strings.retry, () => this.intend({ kind: "reconnect" })) : nothing;
  }
}

function wayOut(label: string, go: () => void): TemplateResult {
  return html`<button class="button primary" part="button" type="button" @click=${go}>${label}</button>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "mimi-room-status": MimiRoomStatus;
  }
}
