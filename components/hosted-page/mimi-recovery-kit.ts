import { html, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { RoomClient } from "../../src/client/room-client.js";
import { PageElement } from "./page-element.js";
import { page } from "./page-strings.js";

/** What an attacker may guess at leisure has to be long. */
const SHORTEST = 10;

/** Downloads the user key of a seat, locked with a passphrase. */
export class MimiRecoveryKit extends PageElement {
  @property({ attribute: false }) client: RoomClient | undefined;

  /** The room's name, for the file's. */
  @property({ attribute: false }) name = "";

  @state() private passphrase = "";
  @state() private again = "";
  @state() private mistake: { readonly first?: string; readonly second?: string } = {};
  @state() private busy = false;
  @state() private outcome = "";

  protected override render(): TemplateResult {
    return html`<form novalidate @submit=${this.#submit}>
      <input type="text" autocomplete="username" .value=${this.name} hidden />
      ${this.field({
        id: "passphrase",
        label: page.passphrase,
        type: "password",
        autocomplete: "new-password",
        value: this.passphrase,
        hint: page.passphraseShort(SHORTEST),
        mistake: this.mistake.first ?? "",
        input: (value) => {
          this.passphrase = value;
        },
      })}
      ${this.field({
        id: "again",
        label: page.passphraseAgain,
        type: "password",
        autocomplete: "new-password",
        value: this.again,
        mistake: this.mistake.second ?? "",
        input: (value) => {
          this.again = value;
        },
      })}
      <button class="button" type="submit" aria-disabled=${this.busy}>
        ${this.busy ? page.preparing : page.download}
      </button>
      <p class="small" role="status">${this.outcome}</p>
    </form>`;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.busy || this.client === undefined) return;
    this.outcome = "";
    this.mistake = this.#mistake();
    if (Object.keys(this.mistake).length > 0) {
      await this.focusMistake();
      return;
    }
    this.busy = true;
    try {
      download(await this.client.recoveryKit(this.passphrase), fileName(this.name));
      this.passphrase = "";
      this.again = "";
      this.outcome = page.downloaded;
    } catch (error) {
      this.outcome = this.sentence(error);
    } finally {
      this.busy = false;
    }
  }

  #mistake(): { readonly first?: string; readonly second?: string } {
    if ([...this.passphrase].length < SHORTEST) return { first: page.passphraseShort(SHORTEST) };
    return this.passphrase === this.again ? {} : { second: page.passphraseDiffers };
  }
}

function download(kit: string, name: string): void {
  const address = URL.createObjectURL(new Blob([kit], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The download has begun by the next turn; the address need not outlive it.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function fileName(room: string): string {
  const words = room.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return `${[...words.slice(0, 6), "recovery-kit"].join("-")}.json`;
}

declare global {
  interface HTMLElementTagNameMap {
    "mimi-recovery-kit": MimiRecoveryKit;
  }
}
