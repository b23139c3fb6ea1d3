import { canonicalMimiUri } from "../../src/codec/mimi-uri.js";
import { originAllowed } from "../origins.js";
import { Refusal } from "../refusal.js";
import { refusalOf } from "../refusal-of.js";
import { cursorField, listField, parseObject, textField } from "../request-body.js";
import { authenticateToken } from "../tokens.js";
import { acknowledge } from "./acknowledge.js";
import type { EventSocket, EventStreamInput } from "./event-socket.js";
import { type FollowedRoom, followRoom } from "./followed-room.js";
import type { Hub } from "./hub.js";
import { type Place, placeAt } from "./place.js";

const CLOSE_BASE = 4400;
/** Frames of one client that wait for their turn, and their characters; nobody sends more in earnest. */
const MAX_WAITING = 32;
const MAX_WAITING_CHARACTERS = 128 * 1024;

/**
 * The conversation on one WebSocket (docs/provider-api.md, "Events"): the first frame authenticates, then rooms are
 * followed. A frame that is refused is answered with an error and ends the stream.
 */
export class EventStream implements EventStreamInput {
  readonly #hub: Hub;
  readonly #socket: EventSocket;
  /** The page that opened the stream; a browser's word. */
  readonly #origin: string | undefined;
  readonly #rooms = new Map<string, FollowedRoom>();
  #client: { readonly clientUri: string; readonly expiresAt: number } | undefined;
  #alive = true;
  #ended = false;
  #waiting = 0;
  #waitingCharacters = 0;
  #turn: Promise<void> = Promise.resolve();
  #catchingUp: Promise<void> = Promise.resolve();
  #cancelTimer: () => void;

  constructor(hub: Hub, socket: EventSocket, origin: string | undefined) {
    this.#hub = hub;
    this.#socket = socket;
    this.#origin = origin;
    hub.metrics.streams.inc();
    this.#cancelTimer = hub.clock.later(hub.config.limits.authenticateMs, () => {
      this.#refuse(new Refusal("unauthenticated", "not authenticated in time"));
    });
  }

  received(text: string | undefined): void {
    this.#alive = true;
    if (this.#ended) return;
    // it has spoken in time; how long the answer takes is not its fault, and "unauthenticated" would have it register anew
    if (this.#client === undefined) this.#cancelTimer();
    const length = text?.length ?? 0;
    this.#waiting += 1;
    this.#waitingCharacters += length;
    if (this.#waiting > MAX_WAITING || this.#waitingCharacters > MAX_WAITING_CHARACTERS) {
      this.#refuse(new Refusal("rateLimited", "too many frames at once"));
      return;
    }
    // one frame after the other, though answering one takes a while
    this.#turn = this.#turn
      .then(() => this.#drained())
      .then(() => (this.#ended ? undefined : this.#answer(text)))
      .catch((reason: unknown) => this.#refuse(reason))
      .finally(() => {
        this.#waiting -= 1;
        this.#waitingCharacters -= length;
      });
  }

  alive(): void {
    this.#alive = true;
  }

  closed(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cancelTimer();
    for (const room of this.#rooms.values()) room.stop();
    this.#rooms.clear();
    this.#hub.metrics.streams.dec();
  }

  /** Who asks and does not read is not answered until he does: what waits for him stays bounded. */
  async #drained(): Promise<void> {
    if (this.#socket.backlog > this.#hub.config.limits.streamBacklogBytes) await this.#socket.flushed();
  }

  async #answer(text: string | undefined): Promise<void> {
    if (text === undefined) throw new Refusal("malformed", "a binary frame");
    const frame = parseObject(text);
    const type = textField(frame, "type");
    if (this.#client === undefined) {
      if (type !== "authenticate") throw new Refusal("unauthenticated", "the first frame authenticates");
      return await this.#authenticate(frame);
    }
    if (type === "ping") return this.#tell({ type: "pong", sent: this.#sent() });
    if (type === "acknowledged") return await this.#acknowledged(this.#client.clientUri, frame);
    if (type !== "follow") throw new Refusal("malformed", "type: unknown");
    const room = textField(frame, "room");
    this.#follow(await this.#open(room, placeOf(frame)), { type: "following", room });
  }

  async #authenticate(frame: Readonly<Record<string, unknown>>): Promise<void> {
    this.#client = await authenticateToken(this.#hub.store, textField(frame, "token"), this.#hub.clock.now());
    const rooms: FollowedRoom[] = [];
    const places = listField(frame, "rooms");
    this.#checkCount(places.length);
    for (const item of places) {
      if (typeof item !== "object" || item === null) throw new Refusal("malformed", "rooms: not a list of rooms");
      const wanted = { ...item };
      rooms.push(await this.#open(textField(wanted, "room"), placeOf(wanted)));
    }
    if (this.#ended) return;
    this.#beat();
    this.#tell({ type: "ready" });
    for (const room of rooms) this.#follow(room);
  }

  async #open(uri: string, place: Place): Promise<FollowedRoom> {
    const { rooms, config } = this.#hub;
    const client = this.#client;
    if (client === undefined) throw new Refusal("unauthenticated", "not authenticated");
    const canonical = canonicalMimiUri(uri);
    const { origins } = await rooms.get(canonical);
    if (!originAllowed(origins, this.#origin, config.publicUrl)) {
      throw new Refusal("originNotAllowed", "the room may not be used on this site");
    }
    this.#rooms.get(canonical)?.stop();
    if (!this.#rooms.has(canonical)) this.#checkCount(this.#rooms.size + 1);
    const followed = await followRoom(this.#hub, this.#socket, client.clientUri, canonical, place, () => {
      this.#refuse(new Refusal("logDiverged", "a commit was taken back"));
    });
    this.#rooms.set(canonical, followed);
    if (this.#ended) followed.stop();
    return followed;
  }

  async #acknowledged(clientUri: string, frame: Readonly<Record<string, unknown>>): Promise<void> {
    const room = canonicalMimiUri(textField(frame, "room"));
    await acknowledge(this.#hub, clientUri, room, placeAt(cursorField(frame, "cursor"), frame.hash));
  }

  /** How far each room has been sent: whoever has read less has lost something on the way, and may ask for it. */
  #sent(): Record<string, number> {
    return Object.fromEntries(Array.from(this.#rooms, ([room, { sent }]) => [room, sent]));
  }

  #checkCount(rooms: number): void {
    const { roomsPerStream } = this.#hub.config.limits;
    if (rooms > roomsPerStream) throw new Refusal("tooLarge", `more than ${roomsPerStream} rooms on one stream`);
  }

  /** Catches up beside the conversation, so that a ping is answered meanwhile; with one room after the other. */
  #follow(room: FollowedRoom, first?: object): void {
    if (first !== undefined) this.#tell(first);
    this.#catchingUp = this.#catchingUp
      .then(() => this.#drained())
      .then(() => room.catchUp())
      .catch((reason: unknown) => this.#refuse(reason));
  }

  #beat(): void {
    this.#cancelTimer = this.#hub.clock.later(this.#hub.config.limits.heartbeatMs, () => {
      if (!this.#alive) return this.#socket.cut();
      if (this.#client !== undefined && this.#client.expiresAt <= this.#hub.clock.now()) {
        return this.#refuse(new Refusal("unauthenticated", "the token has expired"));
      }
      this.#alive = false;
      this.#socket.ping();
      this.#beat();
    });
  }

  #tell(frame: object): void {
    if (!this.#ended) this.#socket.send(JSON.stringify(frame));
  }

  #refuse(reason: unknown): void {
    if (this.#ended) return;
    const refusal = refusalOf(reason);
    this.#hub.metrics.refusals.inc({ code: refusal.code });
    const known = this.#hub.health.note(reason);
    if (refusal.code === "internal") this.#hub.log.error({ err: reason }, "event stream failed");
    else if (!known)
      this.#hub.log.warn({ code: refusal.code, reason: refusal.message, route: "/v1/events" }, "refused");
    this.#tell({ type: "error", code: refusal.code, message: refusal.message });
    this.#socket.close(CLOSE_BASE + refusal.status, refusal.code);
    this.closed();
  }
}

function placeOf(frame: Readonly<Record<string, unknown>>): Place {
  return placeAt(cursorField(frame, "after"), frame.hash);
}
