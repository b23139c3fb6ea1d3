import { Refusal } from "../refusal.js";
import { eventsFor } from "../store/events.js";
import { standingOf } from "../store/seats.js";
import { askWhoComes } from "./asking.js";
import type { EventSocket } from "./event-socket.js";
import { type Follower, frameOf } from "./fan-out.js";
import type { Hub } from "./hub.js";
import { checkPlace, type Place } from "./place.js";

/**
 * One client following one room over one socket: first what it missed, from the store, then what comes, from the
 * fan-out. Each event of its seats is sent once, in order, whatever is accepted meanwhile.
 */
export class FollowedRoom implements Follower {
  readonly clientUri: string;
  readonly #hub: Hub;
  readonly #socket: EventSocket;
  readonly #room: { readonly id: number; readonly uri: string };
  readonly #diverged: () => void;
  /** The cursor sent last. */
  #sent: number;
  /** `catchingUp`: the store is read. `live`: everything before has been sent. `over`: nothing more will come. */
  #phase: "catchingUp" | "live" | "over" = "catchingUp";

  constructor(
    hub: Hub,
    socket: EventSocket,
    clientUri: string,
    room: { readonly id: number; readonly uri: string },
    after: number,
    diverged: () => void,
  ) {
    this.#hub = hub;
    this.#socket = socket;
    this.clientUri = clientUri;
    this.#room = room;
    this.#sent = after;
    this.#diverged = diverged;
    hub.fanOut.follow(room.uri, this);
  }

  /** The cursor up to which everything for this client has been sent. */
  get sent(): number {
    return this.#sent;
  }

  /** Sends what was missed, page by page, no faster than the consumer takes it; then live. */
  async catchUp(): Promise<void> {
    const { limits } = this.#hub.config;
    const bounds = { limit: limits.pageEvents, bytes: limits.pageBytes };
    const seat = { roomId: this.#room.id, clientUri: this.clientUri };
    while (this.#phase === "catchingUp") {
      // The order of the three matters: what was published is in the store by then; a seat that was not open any more
      // has all its events there; and what is accepted after the store was read will be published after.
      const published = this.#hub.fanOut.published(this.#room.uri);
      const standing = await standingOf(this.#hub.store, seat.roomId, seat.clientUri);
      const { events } = await eventsFor(this.#hub.store, seat, this.#sent, bounds);
      for (const event of events) this.#send(event.cursor, frameOf(this.#room.uri, event));
      if (events.length > 0) await this.#socket.flushed();
      else if (standing !== "open") return this.stop();
      else this.#goLive(published);
    }
    await askWhoComes(this.#hub, this.#room.uri, this);
  }

  deliver(cursor: number, frame: Uint8Array): void {
    if (this.#phase !== "live" || cursor <= this.#sent) return;
    if (this.#socket.backlog > this.#hub.config.limits.streamBacklogBytes) {
      this.#hub.metrics.streamsCut.inc();
      this.#hub.log.warn({ room: this.#room.uri, backlog: this.#socket.backlog }, "slow consumer cut");
      this.stop();
      this.#socket.cut();
      return;
    }
    this.#send(cursor, frame);
  }

  hasReached(cursor: number): boolean {
    return this.#phase === "live" && this.#sent >= cursor;
  }

  tell(frame: string): void {
    if (this.#phase === "live") this.#socket.send(frame);
  }

  diverge(): void {
    this.stop();
    this.#diverged();
  }

  /** The seat has ended; while catching up, the store says so itself. */
  end(): void {
    if (this.#phase === "live") this.stop();
  }

  stop(): void {
    this.#phase = "over";
    this.#hub.fanOut.unfollow(this.#room.uri, this);
  }

  /** Nothing up to `published` is left to send; if nothing has been published since, the rest comes from the fan-out. */
  #goLive(published: number): void {
    this.#sent = Math.max(this.#sent, published);
    if (this.#phase === "catchingUp" && this.#hub.fanOut.published(this.#room.uri) <= this.#sent) this.#phase = "live";
  }

  #send(cursor: number, frame: Uint8Array): void {
    if (this.#phase === "over") return;
    this.#socket.send(frame);
    this.#sent = cursor;
  }
}

/**
 * Starts to follow a room; throws Refusal for a client that never had a seat in it, or whose place is not in the log.
 *
 * @param diverged Called when the log is taken back: what was sent of it may be gone.
 */
export async function followRoom(
  hub: Hub,
  socket: EventSocket,
  clientUri: string,
  uri: string,
  place: Place,
  diverged: () => void,
): Promise<FollowedRoom> {
  const room = await hub.rooms.get(uri);
  // it follows before it is checked: a log that is taken back in between is told of
  const followed = new FollowedRoom(hub, socket, clientUri, room, place.after, diverged);
  try {
    if ((await standingOf(hub.store, room.id, clientUri)) === "none")
      throw new Refusal("notSeated", "no seat in this room");
    await checkPlace(hub.store, room.id, clientUri, place);
    return followed;
  } catch (reason) {
    followed.stop();
    throw reason;
  }
}
