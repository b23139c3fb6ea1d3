import { toBase64Url, utf8 } from "../../src/codec/bytes.js";
import { Seat } from "../../src/worker/seat.js";
import { type KillPoint, Mortal, type MortalOptions } from "./crash-ports.js";
import { Told } from "./engine-world.js";

/** Which seat a page opens, and what its world is made of. */
export interface PageOptions extends Omit<MortalOptions, "onFault"> {
  readonly browser: string;
  readonly address: { readonly provider: string; readonly room: string };
}

/** A page and its worker, whose world can stop; what the worker told the page. A new one is the page loaded again. */
export class Page {
  readonly told = new Told();
  readonly mortal: Mortal;
  readonly #seat: Seat;
  readonly #options: PageOptions;

  constructor(options: PageOptions, point?: KillPoint) {
    this.#options = options;
    this.mortal = new Mortal({ ...options, onFault: (fault) => void this.told.faults.push(fault) }, point);
    this.#seat = new Seat(this.mortal.ports, options.browser);
  }

  /** A call of the page to its worker; its answer is a message that may not come any more. */
  call<T>(work: (seat: Seat) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      work(this.#seat).then(
        (value) => this.mortal.act("page.answer", () => resolve(value), undefined),
        (error) => this.mortal.act("page.answer", () => reject(error), undefined),
      );
    });
  }

  /** Opens the room, as every page does first. */
  async open(): Promise<void> {
    const { listener } = this.told;
    await this.#seat.subscribe((event) => this.mortal.act("page.event", () => listener(event), undefined));
    listener({ type: "state", state: await this.call((seat) => seat.open(this.#options.address)) });
    const entries = await this.call((seat) => seat.older(Number.MAX_SAFE_INTEGER, 100));
    listener({ type: "timeline", entries, gone: [] });
  }

  /** Joins, unless this browser is in or on its way. */
  async join(nickname: string): Promise<void> {
    if (this.told.state?.phase === "preview") await this.call((seat) => seat.join(nickname));
    await this.told.until("it is in", ({ state }) => state?.phase === "joined");
  }

  /** Types a text and sends it: the same text is the same message, however often it is sent. */
  async say(text: string): Promise<void> {
    const salt = await saltOf(text);
    await this.call((seat) => seat.send({ text, format: "plain", salt }));
  }

  /** Resolves when what was said is acknowledged. */
  sent(text: string): Promise<void> {
    return this.told.until(`"${text}" is sent`, ({ timeline }) =>
      timeline.some(({ content, status }) => content.kind === "text" && content.text === text && status === "sent"),
    );
  }

  heard(text: string): Promise<void> {
    return this.told.until(`"${text}" is heard`, ({ texts }) => texts.includes(text));
  }
}

/** 16 octets that go with a text, so that it has one message ID. */
export async function saltOf(text: string): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(text))).slice(0, 16));
}
