import { html, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import type { PresetName } from "../../src/client/contract.js";
import { RoomClient } from "../../src/client/room-client.js";
import { remembered } from "../shared/remembered.js";
import { PageElement } from "./page-element.js";
import { page } from "./page-strings.js";

const lastNickname = remembered("nickname");

/** A room was made; {@link client} sits in it as its owner. */
export class RoomMadeEvent extends Event {
  constructor(
    readonly client: RoomClient,
    readonly room: string,
  ) {
    super("mimi-room-made", { bubbles: true, composed: true });
  }
}

type Mistakes = Readonly<Partial<Record<"name" | "nickname" | "site" | "all", string>>>;

/** Three questions, and there is a room. */
export class MimiMakeRoom extends PageElement {
  @state() private name = "";
  @state() private preset: PresetName = "event";
  @state() private nickname = lastNickname.get();
  @state() private site = "";
  @state() private mistakes: Mistakes = {};
  @state() private making = false;

  protected override render(): TemplateResult {
    const { mistakes, making } = this;
    return html`<form novalidate @submit=${this.#submit}>
      ${this.field({
        id: "name",
        label: page.roomName,
        value: this.name,
        placeholder: page.roomNameExample,
        mistake: mistakes.name ?? "",
        input: (value) => {
          this.name = value;
        },
      })}
      <fieldset>
        <legend>${page.kind}</legend>
        ${this.#choice("event", page.event, page.eventMeans)}
        ${this.#choice("announcement", page.announcement, page.announcementMeans)}
      </fieldset>
      ${this.field({
        id: "nickname",
        label: page.nickname,
        value: this.nickname,
        autocomplete: "nickname",
        mistake: mistakes.nickname ?? "",
        input: (value) => {
          this.nickname = value;
        },
      })}
      ${this.field({
        id: "site",
        label: html`${page.site} <span class="muted small">${page.siteOptional}</span>`,
        value: this.site,
        type: "url",
        autocomplete: "url",
        placeholder: "https://",
        hint: page.siteHint,
        mistake: mistakes.site ?? "",
        input: (value) => {
          this.site = value;
        },
      })}
      <p class="mistake" role="alert">${mistakes.all ?? ""}</p>
      <button class="button primary" type="submit" aria-disabled=${making}>${making ? page.making : page.make}</button>
    </form>`;
  }

  #choice(preset: PresetName, label: string, means: string): TemplateResult {
    return html`<label class="choice">
      <input
        type="radio"
        name="preset"
        .value=${preset}
        .checked=${this.preset === preset}
        @change=${() => {
          this.preset = preset;
        }}
      />
      <span>${label}</span>
      <span class="muted small">${means}</span>
    </label>`;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.making) return;
    const [name, nickname] = [this.name, this.nickname].map((text) => text.normalize("NFC").trim());
    const origins = originsOf(this.site);
    this.mistakes = mistakesIn(name ?? "", nickname ?? "", origins);
    if (Object.keys(this.mistakes).length > 0 || origins === undefined) {
      await this.focusMistake();
      return;
    }
    await this.#make(name ?? "", nickname ?? "", origins);
  }

  async #make(name: string, nickname: string, origins: readonly string[]): Promise<void> {
    this.making = true;
    try {
      const { preset } = this;
      const { client, room } = await RoomClient.createRoom({
        provider: location.origin,
        name,
        preset,
        nickname,
        origins,
      });
      lastNickname.set(nickname);
      this.dispatchEvent(new RoomMadeEvent(client, room));
    } catch (error) {
      this.mistakes = { all: this.sentence(error) };
    } finally {
      this.making = false;
    }
  }
}

function mistakesIn(name: string, nickname: string, origins: readonly string[] | undefined): Mistakes {
  return {
    ...(name === "" ? { name: page.roomNameMissing } : {}),
    ...([...name].length > 200 ? { name: page.roomNameTooLong } : {}),
    ...(nickname === "" ? { nickname: page.nicknameMissing } : {}),
    ...([...nickname].length > 80 ? { nickname: page.nicknameTooLong } : {}),
    ...(origins === undefined ? { site: page.siteWrong } : {}),
  };
}

/** The origin of a site's address; `undefined` when it is none, nothing when there is no address. */
function originsOf(site: string): readonly string[] | undefined {
  const text = site.trim();
  if (text === "") return [];
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  // Some browsers take a host with spaces for one.
  if (/\s/.test(address) || !URL.canParse(address)) return undefined;
  const { protocol, origin } = new URL(address);
  return protocol === "https:" || protocol === "http:" ? [origin] : undefined;
}

declare global {
  interface HTMLElementEventMap {
    "mimi-room-made": RoomMadeEvent;
  }
  interface HTMLElementTagNameMap {
    "mimi-make-room": MimiMakeRoom;
  }
}
