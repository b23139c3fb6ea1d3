import { fromBase64Url, fromHex, toBase64Url, toHex } from "../codec/bytes.js";
import type { Clock, OpenSocket, Socket } from "./ports.js";
import { type JsonFields, readJson } from "./read-json.js";

/** With nothing heard for so long a sign of life is asked for, in milliseconds. */
const QUIET = 20_000;
/** A sign of life that takes longer does not come. */
const PONG_PATIENCE = 5_000;
/** Connecting and authenticating may take so long. */
const PATIENCE = 10_000;
/** No event has more octets: what a hub takes in one request has fewer (docs/provider-api.md, "Sizes"). */
const LONGEST_EVENT = 5 * 1024 * 1024;
/** No other frame is longer, in UTF-16 code units. */
const LONGEST_TEXT = 64 * 1024;

/** How a connection ended. */
export interface SocketEnd {
  /** The code of the WebSocket's close; 1006 when there was none (RFC 6455, 7.1.5). */
  readonly code: number;
  /** The code of the provider's error frame, if there was one. */
  readonly refusal: string | undefined;
}

/** An event that the provider wants to hear of: where it stands, and SHA-256 of its MLSMessage in hex. */
export interface EventPlace {
  readonly room: string;
  readonly cursor: number;
  readonly hash: string;
}

/** "1006 … the connection was closed abnormally" (RFC 6455, 7.4.1) */
const ABNORMAL = 1006;

export interface EventSocketOptions {
  readonly url: string;
  readonly openSocket: OpenSocket;
  readonly clock: Clock;
  /** The first frame, which authenticates. */
  hello(): Record<string, unknown>;
  /** The provider accepted the first frame. */
  ready(): void;
  frame(bytes: Uint8Array): void;
  /** The provider says how far it has sent a room's events on this socket. */
  sent(room: string, cursor: number): void;
  /** The provider asks whether this client follows an event: see {@link EventSocket.acknowledge}. */
  asked(event: EventPlace): void;
}

/**
 * One WebSocket of docs/provider-api.md, "Events": authenticates in its first frame and watches over the connection by
 * ping and pong frames, since a page cannot see the protocol's own.
 */
export class EventSocket {
  /** Resolves when it is closed. Never rejects. */
  readonly closed: Promise<SocketEnd>;
  isClosed = false;

  readonly #options: EventSocketOptions;
  readonly #socket: Socket;
  #ready = false;
  /** Whether a sign of life was asked for, and nothing has come since. */
  #asked = false;
  #end: (end: SocketEnd) => void = () => {};
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
      opened: () => open(() => this.#send(options.hello())),
      text: (frame) => open(() => this.#text(frame)),
      binary: (frame) =>
        open(() => {
          this.#heard();
          if (frame.length > LONGEST_EVENT) this.close();
          else options.frame(frame);
        }),
      closed: (code) => this.#close(code),
    });
    this.#stopWatch = this.#watch(PATIENCE, () => this.close());
  }

  /** Asks for a sign of life now. */
  ping(): void {
    if (!this.#ready || this.#asked || this.isClosed) return;
    this.#asked = true;
    this.#send({ type: "ping" });
    this.#watchFor(PONG_PATIENCE, () => this.close());
  }

  /** Says that this client follows an event, and every one before it. */
  acknowledge({ room, cursor, hash }: EventPlace): void {
    if (this.isClosed) return;
    this.#send({ type: "acknowledged", room, cursor, hash: toBase64Url(fromHex(hash)) });
  }

  close(): void {
    if (this.isClosed) return;
    this.#socket.close();
    // The closing handshake with a provider that is gone takes for ever: it is over now.
    this.#close(ABNORMAL);
  }

  #text(frame: string): void {
    try {
      if (frame.length > LONGEST_TEXT) throw new RangeError("A frame that no provider sends.");
      const json = readJson(JSON.parse(frame));
      const type = json.text("type");
      if (type === "ready") this.#ready = true;
      this.#heard();
      if (type === "ready") this.#options.ready();
      else if (type === "pong") {
        for (const [room, cursor] of json.optional("sent", readSent) ?? []) this.#options.sent(room, cursor);
      } else if (type === "acknowledge") {
        const hash = toHex(fromBase64Url(json.text("hash")));
        this.#options.asked({ room: json.text("room"), cursor: json.number("cursor"), hash });
      } else if (type === "error") {
        this.#refusal = json.text("code");
        this.close();
      }
    } catch {
      this.close();
    }
  }

  #heard(): void {
    // Connecting ends with that word, whatever else comes.
    if (!this.#ready) return;
    this.#asked = false;
    this.#watchFor(QUIET, () => this.ping());
  }

  #watchFor(milliseconds: number, then: () => void): void {
    this.#stopWatch();
    this.#stopWatch = this.#watch(milliseconds, then);
  }

  #watch(milliseconds: number, then: () => void): () => void {
    return this.#options.clock.after(milliseconds, then);
  }

  #close(code: number): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#stopWatch();
    this.#end({ code, refusal: this.#refusal });
  }

  #send(frame: Record<string, unknown>): void {
    this.#socket.send(JSON.stringify(frame));
  }
}

function readSent(pong: JsonFields, name: string): [room: string, cursor: number][] {
  const sent = pong.object(name);
  return sent.names.map((room) => [room, sent.number(room)]);
}
