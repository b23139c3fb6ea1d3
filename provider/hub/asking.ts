import { toBase64Url } from "../../src/codec/bytes.js";
import type { Clock } from "../clock.js";
import type { Limits } from "../config.js";
import type { ProvisionalEvent } from "../store/provisional-events.js";
import type { FanOut, Follower } from "./fan-out.js";
import type { Hub } from "./hub.js";
import { isLapsed } from "./provisional.js";

/** So many are asked at once: a crowd of 500 costs an event two frames, not 500. */
const ASKED_AT_ONCE = 2;

/** Asks connected clients whether they follow an event: two of them, then two others, for as long as it is provisional. */
export class Asking {
  /** By room and cursor: ends the asking. */
  readonly #rooms = new Map<string, Map<number, () => void>>();
  readonly #fanOut: FanOut;
  readonly #clock: Clock;
  readonly #limits: Limits;

  constructor(fanOut: FanOut, clock: Clock, limits: Limits) {
    this.#fanOut = fanOut;
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Begins to ask; the event has been published. */
  begin(uri: string, event: ProvisionalEvent): void {
    this.#ask(uri, event, new Set());
  }

  /** Asks all who may speak, now: somebody has refused the event, and waits for a word no longer than a few rounds take. */
  everybody(uri: string, event: ProvisionalEvent): void {
    this.#ask(uri, event, new Set(), Number.POSITIVE_INFINITY);
  }

  /** Ends the asking: the event stands, or is gone. */
  end(uri: string, cursor: number): void {
    const rounds = this.#rooms.get(uri);
    rounds?.get(cursor)?.();
    rounds?.delete(cursor);
    if (rounds?.size === 0) this.#rooms.delete(uri);
  }

  /** Ends all of it. */
  close(): void {
    for (const rounds of this.#rooms.values()) for (const cancel of rounds.values()) cancel();
    this.#rooms.clear();
  }

  #ask(uri: string, event: ProvisionalEvent, asked: Set<string>, atOnce = ASKED_AT_ONCE): void {
    this.end(uri, event.cursor);
    const open = new Map<string, Follower>();
    for (const follower of this.#fanOut.followers(uri)) {
      const { clientUri } = follower;
      if (!asked.has(clientUri) && mayBeAsked(event, follower)) open.set(clientUri, follower);
    }
    for (const [clientUri, follower] of anyOf([...open], atOnce)) {
      asked.add(clientUri);
      follower.tell(frameOfQuestion(uri, event));
    }
    // whoever comes later is asked when it comes
    if (open.size <= atOnce) return;
    const cancel = this.#clock.later(this.#limits.askAgainMs, () => this.#ask(uri, event, asked));
    const rounds = this.#rooms.get(uri) ?? new Map<number, () => void>();
    this.#rooms.set(uri, rounds.set(event.cursor, cancel));
  }
}

/** Asks a client that has just read all there is. Its word about the last event counts for those before it. */
export async function askWhoComes(hub: Hub, uri: string, follower: Follower): Promise<void> {
  const room = await hub.rooms.find(uri);
  const event = room?.provisional.filter((each) => !isLapsed(hub, each) && mayBeAsked(each, follower)).at(-1);
  if (event !== undefined) follower.tell(frameOfQuestion(uri, event));
}

function mayBeAsked({ speakers, cursor }: ProvisionalEvent, follower: Follower): boolean {
  return speakers.has(follower.clientUri) && follower.hasReached(cursor);
}

function frameOfQuestion(room: string, { cursor, messageHash }: ProvisionalEvent): string {
  return JSON.stringify({ type: "acknowledge", room, cursor, hash: toBase64Url(messageHash) });
}

/** `count` of these, or all; which, is chance: a client that never answers is not the first every time. */
function anyOf<T>(items: T[], count: number): T[] {
  const picked: T[] = [];
  while (picked.length < count && items.length > 0) {
    picked.push(...items.splice(Math.floor(Math.random() * items.length), 1));
  }
  return picked;
}
