import { fromHex, toBase64Url } from "../codec/bytes.js";
import { CodecError } from "../codec/codec-error.js";
import { type EventPage, type RoomEvent, roomEvent } from "../codec/hub-messages.js";
import { decode } from "../codec/tls.js";
import { pause } from "./backoff.js";
import { type EventPlace, EventSocket, type SocketEnd } from "./event-socket.js";
import type { Clock, OpenSocket, Random } from "./ports.js";
import { ProviderRefusal, Unreachable } from "./provider-refusal.js";
import { reconnectWait } from "./reconnect-wait.js";

/** Events waiting to be taken; those that come on top are dropped, and fetched when there is room. */
const MOST_WAITING = 500;
/** No more octets of them wait either, but for one event. */
const MOST_OCTETS = 16 * 1024 * 1024;
/** A connection that lasted so long was one, in milliseconds: the next loss of it begins with short waits again. */
const LASTING = 10_000;
/** How often a page that cannot be read is asked for again before what stands after it is taken. */
const MOST_GARBLED = 4;
/** Cursors ascend by one: a larger one is no event's, and nothing would come after it. */
const LAST_CURSOR = 2n ** 48n;
/** The most that one {@link StreamOptions.take} is given. */
const BATCH = 64;
/** How many events one request for what was missed asks for. */
const PAGE = 200;
/** So many events wait to be acknowledged; no hub lets more be without anybody's word (docs/provider-api.md, "Provisional events"). */
const MOST_ASKED = 32;

/** Refusals that asking again does not change. */
const DEFINITE = new Set(["logDiverged", "notSeated", "noSuchRoom", "notAllowed", "originNotAllowed"]);

export type StreamStatus = "connecting" | "online" | "offline";

export interface StreamOptions {
  readonly provider: string;
  readonly room: string;
  readonly openSocket: OpenSocket;
  readonly clock: Clock;
  readonly random: Random;
  /** An access token; a new one when the last was refused (`renew`). */
  token(renew: boolean): Promise<string>;
  /** The cursor of the last event that was taken. */
  after(): number;
  /** SHA-256 in hex of the MLSMessage there; "" when there was none, or it is not known. */
  hash(): string;
  /** Fetches what comes after a cursor. */
  page(after: number, limit: number): Promise<EventPage>;
  /** Takes events, in order and without gap; the next come when this resolves. */
  take(events: readonly RoomEvent[]): Promise<void>;
  /** Whether what was taken includes this event, which stands at its cursor or is unknown by now, and was followed. */
  follows(event: EventPlace): boolean;
  status(status: StreamStatus): void;
  /** The provider refuses to deliver, with a code of docs/provider-api.md; the stream has stopped. */
  refused(code: string): void;
  /** Something was wrong with what the provider sent; the stream goes on. */
  fault(error: unknown): void;
}

/**
 * The events of one room, each exactly once, in the order of their cursors: a socket that reconnects by itself, and
 * requests for what was missed. What the socket brings twice is dropped; before what it brings too early, the gap is fetched.
 */
export class EventStream {
  readonly #options: StreamOptions;
  #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #hurry = new AbortController();
  #waiting: RoomEvent[] = [];
  /** The cursor of the last event that is known of, and neither taken nor waiting: there was no room, or it got lost. */
  #missed = 0;
  /** Events that the provider asked for, and that were not read yet. */
  #asked: readonly EventPlace[] = [];
  #wake: (() => void) | undefined;
  /** A page that could not be read: after which cursor, and how often. */
  #garbled: { readonly after: number; readonly times: number } | undefined;
  #socket: EventSocket | undefined;

  constructor(options: StreamOptions) {
    this.#options = options;
  }

  /** Begins, or begins again after {@link stop}. */
  start(): void {
    const stopping = new AbortController();
    const before = this.#running;
    this.#stopping.abort();
    this.#stopping = stopping;
    this.#running = before.then(() => this.#run(stopping.signal)).catch((error) => this.#options.fault(error));
  }

  /** Closes the socket. No event is taken after the one under way. */
  stop(): void {
    this.#stopping.abort();
    this.#socket?.close();
    this.#wake?.();
  }

  /** Tries again at once when it waits to reconnect; asks for a sign of life when it is connected. */
  nudge(): void {
    this.#hurry.abort();
    this.#hurry = new AbortController();
    this.check();
  }

  /** Asks for a sign of life when it is connected: something else has just failed to reach the provider. */
  check(): void {
    this.#socket?.ping();
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#options;
    let failures = 0;
    let renew = false;
    while (!signal.aborted) {
      this.#options.status(failures <= 1 ? "connecting" : "offline");
      let since: number | undefined;
      const end = await this.#connection(renew, signal, () => {
        since = clock.now();
      });
      if (signal.aborted) break;
      const { refusal } = end;
      if (refusal !== undefined && DEFINITE.has(refusal)) {
        this.#options.status("offline");
        return this.#options.refused(refusal);
      }
      const renewed = renew;
      renew = refusal === "unauthenticated";
      // A provider that accepts and hangs up is not asked again and again without a pause.
      if (since !== undefined && clock.now() - since >= LASTING) failures = 0;
      if (failures > 0) this.#options.status("offline");
      // A renewed token is tried at once, however often the provider was away; one that is refused as well is not.
      if (!renew || renewed) await this.#wait(reconnectWait(failures, end, random), signal);
      failures += 1;
    }
  }

  /** Waits as long as the provider asked for, and then until somebody is in a hurry. */
  async #wait({ asked, more }: { readonly asked: number; readonly more: number }, signal: AbortSignal): Promise<void> {
    await pause(this.#options.clock, asked, signal);
    await pause(this.#options.clock, more, AbortSignal.any([signal, this.#hurry.signal]));
  }

  /** One connection, from token to close. */
  async #connection(renew: boolean, signal: AbortSignal, connected: () => void): Promise<ConnectionEnd> {
    const { provider, room, clock, openSocket } = this.#options;
    try {
      const token = await this.#options.token(renew);
      if (signal.aborted) return NO_CONNECTION;
      this.#waiting = [];
      this.#missed = 0;
      this.#asked = [];
      const socket = new EventSocket({
        url: `${provider.replace(/^http/, "ws")}/v1/events`,
        openSocket,
        clock,
        hello: () => {
          const hash = toBase64Url(fromHex(this.#options.hash()));
          return { type: "authenticate", token, rooms: [{ room, after: this.#options.after(), hash }] };
        },
        ready: () => {
          connected();
          this.#options.status("online");
        },
        frame: (bytes) => this.#frame(bytes),
        sent: (of, cursor) => {
          if (of === room && cursor <= LAST_CURSOR) this.#miss(cursor);
        },
        asked: (event) => {
          if (event.room !== room || this.#asked.length >= MOST_ASKED) return;
          this.#asked = [...this.#asked, event];
          this.#acknowledge();
        },
      });
      this.#socket = socket;
      const closed = socket.closed.finally(() => this.#wake?.());
      await this.#takeAll(signal, socket);
      socket.close();
      return await closed;
    } catch (error) {
      if (!(error instanceof Unreachable)) this.#options.fault(error);
      this.#socket?.close();
      return { ...NO_CONNECTION, retryAfter: error instanceof ProviderRefusal ? error.retryAfter : undefined };
    } finally {
      this.#socket = undefined;
    }
  }

  #frame(bytes: Uint8Array): void {
    try {
      const event = decode(roomEvent, bytes);
      if (event.room !== this.#options.room) return;
      if (event.cursor > LAST_CURSOR) throw new CodecError("cursor", `${event.cursor} is beyond every event`);
      if (this.#hasRoom(event)) this.#waiting.push(event);
      else this.#miss(Number(event.cursor));
      this.#wake?.();
    } catch (error) {
      // One bad event never stops the stream: the next good one shows a gap, and the gap is fetched.
      this.#options.fault(error);
    }
  }

  #hasRoom({ message }: RoomEvent): boolean {
    const octets = this.#waiting.reduce((sum, waiting) => sum + waiting.message.length, message.length);
    return this.#waiting.length === 0 || (this.#waiting.length < MOST_WAITING && octets <= MOST_OCTETS);
  }

  #miss(cursor: number): void {
    this.#missed = Math.max(this.#missed, cursor);
    this.#wake?.();
  }

  /** Takes what comes until the socket is closed, and what had come by then: the last event may say why it was closed. */
  async #takeAll(signal: AbortSignal, socket: EventSocket): Promise<void> {
    while (!signal.aborted) {
      if (this.#waiting.length === 0) {
        await this.#fillGap(this.#missed + 1, signal);
        if (this.#waiting.length > 0) continue;
        if (socket.isClosed) return;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      const run = this.#waiting.splice(0, unbroken(this.#waiting));
      await this.#fillGap(Number(run[0]?.cursor ?? 0), signal);
      if (!signal.aborted) await this.#take(run);
    }
  }

  /** Fetches what stands between the last event taken and `cursor`. */
  async #fillGap(cursor: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.#options.after() + 1 < cursor) {
      const before = this.#options.after();
      try {
        const { events } = await this.#options.page(before, PAGE);
        // Who stopped it may have gone to another log meanwhile.
        if (signal.aborted) return;
        await this.#take(events);
      } catch (error) {
        if (!(error instanceof CodecError)) throw error;
        this.#options.fault(error);
        this.#garbled = { after: before, times: this.#garbled?.after === before ? this.#garbled.times + 1 : 1 };
        // Perhaps it was not the provider that answered: what comes after the gap is not taken over it yet.
        if (this.#garbled.times < MOST_GARBLED) throw new Unreachable(error.message);
      }
      // The provider has nothing (readable) there: what it has goes on, and MLS notices what is truly missing.
      if (this.#options.after() === before) return;
    }
  }

  async #take(events: readonly RoomEvent[]): Promise<void> {
    const fresh: RoomEvent[] = [];
    let last = this.#options.after();
    for (const event of events) {
      if (Number(event.cursor) <= last || event.cursor > LAST_CURSOR) continue;
      last = Number(event.cursor);
      fresh.push(event);
    }
    if (fresh.length > 0) await this.#options.take(fresh);
    this.#acknowledge();
  }

  /** Answers what was asked of events that are read by now. One that is not followed is not answered. */
  #acknowledge(): void {
    const after = this.#options.after();
    const read = this.#asked.filter(({ cursor }) => cursor <= after);
    this.#asked = this.#asked.filter(({ cursor }) => cursor > after);
    const latest = read.filter((event) => this.#options.follows(event)).sort((a, b) => b.cursor - a.cursor)[0];
    if (latest) this.#socket?.acknowledge(latest);
  }
}

type ConnectionEnd = SocketEnd & { readonly retryAfter?: number | undefined };

const NO_CONNECTION: ConnectionEnd = { code: 1006, refusal: undefined };

/** How many events at the head of `events` follow each other without a gap, {@link BATCH} at most. */
function unbroken(events: readonly RoomEvent[]): number {
  let length = 1;
  while (length < BATCH && events[length]?.cursor === (events[length - 1]?.cursor ?? 0n) + 1n) length += 1;
  return length;
}
