import type { RequestLock } from "./ports.js";

export interface LeadershipEvents {
  /** This tab leads from now on. */
  lead(): void;
  /** This tab leads no more. */
  lost(): void;
}

/**
 * Which tab leads a seat: the one that holds its exclusive lock. The others wait in line for it, so that the next takes over by
 * itself when a tab goes; from one that is frozen the lock can be stolen. The lock alone is not trusted: see the generation
 * check in src/storage.
 */
export class Leadership {
  readonly #requestLock: RequestLock;
  readonly #name: string;
  readonly #events: LeadershipEvents;
  #release: (() => void) | undefined;
  #waiting = new AbortController();
  #stopped = false;

  constructor(requestLock: RequestLock, name: string, events: LeadershipEvents) {
    this.#requestLock = requestLock;
    this.#name = name;
    this.#events = events;
  }

  get leading(): boolean {
    return this.#release !== undefined;
  }

  /** Resolves when it is known whether this tab leads. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      let led = false;
      const given = () => {
        led = true;
        resolve();
      };
      this.#request({ ifAvailable: true }, given).then(
        (held) => {
          if (!held) this.#wait();
          resolve();
        },
        // Stolen later on: in line again.
        (error) => (led ? this.#wait() : reject(error)),
      );
    });
  }

  /** Takes the lead from whoever has it. */
  steal(): void {
    if (this.leading || this.#stopped) return;
    this.#waiting.abort();
    this.#hold({ steal: true });
  }

  /** Gives the lead up and stands in line again. */
  yield(): void {
    if (!this.leading) return;
    this.#lose();
    this.#wait();
  }

  stop(): void {
    this.#stopped = true;
    this.#waiting.abort();
    this.#lose();
  }

  #wait(): void {
    if (this.#stopped) return;
    this.#waiting = new AbortController();
    this.#hold({ signal: this.#waiting.signal });
  }

  #hold(options: { readonly steal?: true; readonly signal?: AbortSignal }): void {
    const { signal } = options;
    this.#request(options).catch(() => {
      // Stolen: in line again. Not so one that stopped waiting by itself.
      if (!signal?.aborted && !this.#stopped && !this.leading) this.#wait();
    });
  }

  async #request(
    options: { readonly ifAvailable?: true; readonly steal?: true; readonly signal?: AbortSignal },
    given: () => void = () => {},
  ): Promise<boolean> {
    let release: (() => void) | undefined;
    try {
      return await this.#requestLock(this.#name, options, () => {
        const held = new Promise<void>((resolve) => {
          release = resolve;
        });
        this.#release = release;
        if (this.#stopped) this.#lose();
        else this.#events.lead();
        given();
        return held;
      });
    } catch (error) {
      // The promise of a lock that is stolen rejects.
      if (release !== undefined && this.#release === release) this.#lose();
      throw error;
    }
  }

  #lose(): void {
    const release = this.#release;
    if (!release) return;
    this.#release = undefined;
    release();
    this.#events.lost();
  }
}
