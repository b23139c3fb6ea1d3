import type { Clock, OpenSocket, Socket } from "./ports.js";
import { readJson } from "./read-json.js";

/** With nothing heard for so long a sign of life is asked for, in milliseconds. */
const QUIET = 20_000;
/** A sign of life that takes longer does not come. */
const PONG_PATIENCE = 5_000;
/** Connecting and authenticating may take so long. */
const PATIENCE = 10_000;

export interface EventSocketOptions {
  readonly url: string;
  readonly openSocket: OpenSocket;
  readonly clock: Clock;
  /** The first frame, which authenticates. */
  hello(): Record<string, unknown>;
  /** The provider accepted the first frame. */
  ready(): void;
  frame(bytes: Uint8Array): void;
}

/**
 * One WebSocket of docs/provider-api.md, "Events": authenticates in its first frame and watches over the connection by
 * ping and pong frames, since a page cannot see the protocol's own.
 */
export class EventSocket {
  /** Resolves when it is closed, with the code of the provider's error frame if there was one. Never rejects. */
  readonly closed: Promise<string | undefined>;
  isClosed = false;

  readonly #options: EventSocketOptions;
  readonly #socket: Socket;
  #opened = false;
  #end: (code: string | undefined) => void = () => {};
  #refusal: string | undefined;
  #stopWatch: () => void = () => {};

  constructor(options: EventSocketOptions) {
    this.#options = options;
    this.closed = new Promise((resolve) => {
      this.#end = resolve;
    });
    // What a socket still brings while it closes is not of this connection any more.
    const open = (then: () => void) => !this.isClosed && then();
    this.#socket = options.openSocket(options.url, {
      opened: () =>
        open(() => {
          this.#opened = true;
          this.#send(options.hello());
        }),
      text: (frame) => open(() => this.#text(frame)),
      binary: (frame) =>
        open(() => {
          this.#heard();
          options.frame(frame);
        }),
      closed: () => this.#close(),
    });
    this.#stopWatch = this.#watch(PATIENCE, () => this.close());
  }

  /** Asks for a sign of life now. */
  ping(): void {
    if (!this.#opened || this.isClosed) return;
    this.#send({ type: "ping" });
    this.#watchFor(PONG_PATIENCE, () => this.close());
  }

  close(): void {
    if (this.isClosed) return;
    this.#socket.close();
    // The closing handshake with a provider that is gone takes for ever: it is over now.
    this.#close();
  }

  #text(frame: string): void {
    this.#heard();
    try {
      const json = readJson(JSON.parse(frame));
      const type = json.text("type");
      if (type === "ready") this.#options.ready();
      else if (type === "error") {
        this.#refusal = json.text("code");
        this.close();
      }
    } catch {
      this.close();
    }
  }

  #heard(): void {
    this.#watchFor(QUIET, () => this.ping());
  }

  #watchFor(milliseconds: number, then: () => void): void {
    this.#stopWatch();
    this.#stopWatch = this.#watch(milliseconds, then);
  }

  #watch(milliseconds: number, then: () => void): () => void {
    return this.#options.clock.after(milliseconds, then);
  }

  #close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#stopWatch();
    this.#end(this.#refusal);
  }

  #send(frame: Record<string, unknown>): void {
    this.#socket.send(JSON.stringify(frame));
  }
}
