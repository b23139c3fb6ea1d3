import type { Clock } from "../clock.js";
import type { Limits } from "../config.js";
import { Refusal } from "../refusal.js";

/** What became of an event that was refused. */
export type EventOutcome = "rolledBack" | "acknowledged";

/** Who waits for the outcome of one event. */
interface Case {
  /** All who have refused it, and how to answer those who still wait. */
  readonly refusers: Map<string, Waiting | undefined>;
  readonly cancelDeadline: () => void;
}

interface Waiting {
  answer(outcome: EventOutcome): void;
  fail(reason: unknown): void;
}

/** Refusals that wait for an outcome. In memory: after a restart a client asks again. */
export class Refusals {
  readonly #rooms = new Map<string, Map<number, Case>>();
  readonly #clock: Clock;
  readonly #limits: Limits;
  #waiting = 0;

  constructor(clock: Clock, limits: Limits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /**
   * Counts a client's refusal of the event at `cursor`; resolves with the outcome. When the client asks again meanwhile, its last
   * request is answered with it. Throws Refusal when too many wait; the refusal is counted all the same.
   *
   * @param due Called once, a while after the event's first refusal.
   */
  add(uri: string, cursor: number, clientUri: string, due: () => void): Promise<EventOutcome> {
    const cases = this.#rooms.get(uri) ?? new Map<number, Case>();
    this.#rooms.set(uri, cases);
    const found = cases.get(cursor) ?? {
      refusers: new Map<string, Waiting | undefined>(),
      cancelDeadline: this.#clock.later(this.#limits.refusalMs, due),
    };
    cases.set(cursor, found);
    this.#leave(found, clientUri)?.fail(new Refusal("rateLimited", "asked again", { retryAfter: 1 }));
    if (this.#waiting >= this.#limits.refusalsWaiting) {
      throw new Refusal("unavailable", "too many wait for an outcome", { retryAfter: 1 });
    }
    this.#waiting += 1;
    return new Promise((answer, fail) => found.refusers.set(clientUri, { answer, fail }));
  }

  /** Whether the event at `cursor` has been refused and not decided. */
  isOpen(uri: string, cursor: number): boolean {
    return this.#rooms.get(uri)?.has(cursor) ?? false;
  }

  /** Whether this client has refused the event at `cursor`. */
  has(uri: string, cursor: number, clientUri: string): boolean {
    return this.#rooms.get(uri)?.get(cursor)?.refusers.has(clientUri) ?? false;
  }

  /** Answers those who wait: this is what became of the event. */
  end(uri: string, cursor: number, outcome: EventOutcome): void {
    for (const waiting of this.#close(uri, cursor)) waiting.answer(outcome);
  }

  /** Takes back what these clients have refused: they are removed, and would undo that. */
  withdraw(uri: string, clientUris: readonly string[]): void {
    for (const [cursor, found] of [...(this.#rooms.get(uri) ?? [])]) {
      for (const clientUri of clientUris) {
        this.#leave(found, clientUri)?.fail(new Refusal("notSeated", "removed from this room"));
        found.refusers.delete(clientUri);
      }
      if (found.refusers.size === 0) this.#close(uri, cursor);
    }
  }

  /** Tells those who wait that there is no outcome yet. */
  fail(uri: string, cursor: number, reason: unknown): void {
    for (const waiting of this.#close(uri, cursor)) waiting.fail(reason);
  }

  /** Tells all who wait that there will be no outcome. */
  close(): void {
    const stopping = new Refusal("unavailable", "the provider is stopping", { retryAfter: 1 });
    for (const [uri, cases] of [...this.#rooms]) {
      for (const cursor of [...cases.keys()]) this.fail(uri, cursor, stopping);
    }
  }

  #close(uri: string, cursor: number): Waiting[] {
    const cases = this.#rooms.get(uri);
    const found = cases?.get(cursor);
    if (cases === undefined || found === undefined) return [];
    found.cancelDeadline();
    cases.delete(cursor);
    if (cases.size === 0) this.#rooms.delete(uri);
    return [...found.refusers.keys()].flatMap((clientUri) => this.#leave(found, clientUri) ?? []);
  }

  /** The client waits no more, but has refused. */
  #leave({ refusers }: Case, clientUri: string): Waiting | undefined {
    const waiting = refusers.get(clientUri);
    refusers.set(clientUri, undefined);
    if (waiting !== undefined) this.#waiting -= 1;
    return waiting;
  }
}
