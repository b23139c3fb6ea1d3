import { type RoomEvent, roomEvent } from "../../src/codec/hub-messages.js";
import { encode } from "../../src/codec/tls.js";
import type { Metrics } from "../metrics.js";
import type { LoggedEvent } from "../store/events.js";

/** Somebody who wants a room's events as they come. */
export interface Follower {
  readonly clientUri: string;
  /** Hands over an event's frame; the frame is shared by all followers and must not be changed. */
  deliver(cursor: number, frame: Uint8Array): void;
  /** Whether all up to `cursor` has been handed over, and what comes will be. */
  hasReached(cursor: number): boolean;
  /** Hands over a text frame, behind the events before it. */
  tell(frame: string): void;
  /** Tells that events which may have been handed over are not in the log any more. */
  diverge(): void;
  /** Tells that the client's seat ended with the event delivered last. */
  end(): void;
}

/** A logged event as it is delivered. */
export function roomEventOf(room: string, { cursor, acceptedAt, message, externalPub }: LoggedEvent): RoomEvent {
  return { room, cursor: BigInt(cursor), timestamp: BigInt(acceptedAt), message, externalPub };
}

/** The binary frame of an event. */
export function frameOf(room: string, event: LoggedEvent): Uint8Array {
  return encode(roomEvent, roomEventOf(room, event));
}

/** Tells followers of what has become durable: the frame is built once, however many they are. */
export class FanOut {
  readonly #rooms = new Map<string, Set<Follower>>();
  readonly #published = new Map<string, number>();
  readonly #metrics: Metrics;

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  /** The cursor last published while the room had followers; 0 before. */
  published(room: string): number {
    return this.#published.get(room) ?? 0;
  }

  /** Everybody who follows the room, or is about to. */
  followers(room: string): Iterable<Follower> {
    return this.#rooms.get(room) ?? [];
  }

  follow(room: string, follower: Follower): void {
    const followers = this.#rooms.get(room);
    if (followers === undefined) this.#rooms.set(room, new Set([follower]));
    else followers.add(follower);
  }

  unfollow(room: string, follower: Follower): void {
    const followers = this.#rooms.get(room);
    followers?.delete(follower);
    if (followers?.size !== 0) return;
    this.#rooms.delete(room);
    this.#published.delete(room);
  }

  /**
   * Tells the room's followers of an event. The caller holds the room's lock, so that events come in their order.
   *
   * @param removed The clients whose seat this event ends.
   */
  publish(room: string, event: LoggedEvent, removed: readonly string[] = []): void {
    const followers = this.#rooms.get(room);
    if (followers === undefined) return;
    this.#published.set(room, event.cursor);
    const frame = frameOf(room, event);
    for (const follower of followers) follower.deliver(event.cursor, frame);
    this.#metrics.deliveries.inc(followers.size);
    if (removed.length > 0) this.#end(followers, removed);
  }

  /** Ends seats without an event: the group was closed. */
  end(room: string, removed: readonly string[]): void {
    this.#end(this.#rooms.get(room) ?? new Set(), removed);
  }

  /** The room is gone, though somebody may still be catching up: another of its name counts from the beginning. */
  forget(room: string): void {
    this.#published.delete(room);
  }

  /** The room's log was taken back: whoever follows it begins anew. */
  diverge(room: string): void {
    this.forget(room);
    for (const follower of [...this.followers(room)]) follower.diverge();
  }

  #end(followers: ReadonlySet<Follower>, removed: readonly string[]): void {
    for (const follower of followers) if (removed.includes(follower.clientUri)) follower.end();
  }
}
