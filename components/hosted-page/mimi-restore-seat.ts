import { html, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { RoomClient } from "../../src/client/room-client.js";
import { english } from "../english.js";
import { joinAddress } from "../mimi-join-link/join-address.js";
import { problemText } from "../shared/problem-text.js";
import { PageElement } from "./page-element.js";
import { page } from "./page-strings.js";

/** Makes this browser the owner of a room again, by a recovery kit and its passphrase; then opens the room. */
export class MimiRestoreSeat extends PageElement {
  @state() private file: File | undefined;
  @state() private passphrase = "";
  @state() private mistake = "";
  @state() private busy = false;

  protected override render(): TemplateResult {
    return html`<form novalidate @submit=${this.#submit}>
      <div class="question">
        <label for="kit">${page.kitFile}</label>
        <input class="field" id="kit" type="file" accept=".json,application/json" @change=${this.#choose} />
      </div>
      <input type="text" autocomplete="username" hidden />
      ${this.field({
        id: "passphrase",
        label: page.passphrase,
        type: "password",
        autocomplete: "current-password",
        value: this.passphrase,
        mistake: this.mistake,
        input: (value) => {
          this.passphrase = value;
        },
      })}
      <button class="button" type="submit" aria-disabled=${this.busy}>
        ${this.busy ? page.restoring : page.restore}
      </button>
    </form>`;
  }

  #choose(event: Event): void {
    this.file = (event.currentTarget as HTMLInputElement).files?.[0];
    this.mistake = "";
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.busy) return;
    this.mistake = "";
    this.busy = true;
    try {
      await this.#restore();
    } catch (error) {
      this.mistake = this.sentence(error);
    } finally {
      this.busy = false;
    }
  }

  async #restore(): Promise<void> {
    if (this.file === undefined) {
      this.mistake = page.kitMissing;
      return;
    }
    const kit = await this.file.text();
    const place = placeOf(kit);
    const address = place === undefined ? undefined : joinAddress(location.origin, place.room);
    if (place === undefined || address === undefined) {
      this.mistake = problemText({ code: "invalidKit", retry: false }, english).body;
      return;
    }
    if (new URL(place.provider).origin !== location.origin) {
      this.mistake = page.kitElsewhere(place.provider);
      return;
    }
    const client = new RoomClient();
    try {
      await client.connect({ provider: location.origin, room: place.room });
      await client.restore(kit, this.passphrase);
    } finally {
      client.close();
    }
    location.assign(address);
  }
}

/** Where the room of a recovery kit is; `undefined` when the file is no kit. */
function placeOf(kit: string): { readonly provider: string; readonly room: string } | undefined {
  try {
    const value: unknown = JSON.parse(kit);
    if (typeof value !== "object" || value === null || !("provider" in value) || !("room" in value)) return undefined;
    const { provider, room } = value;
    if (typeof provider !== "string" || typeof room !== "string" || !URL.canParse(provider)) return undefined;
    return { provider, room };
  } catch {
    return undefined;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "mimi-restore-seat": MimiRestoreSeat;
  }
}
