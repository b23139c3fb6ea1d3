import type { Clock } from "./clock.js";
import type { Logger } from "./log.js";
import { probeWrite } from "./store/open-store.js";
import type { Store } from "./store/schema.js";
import { type StoreFault, storeFaultOf } from "./store/store-fault.js";

/** How often a store that could not be written is tried again, and how often the log says so, in milliseconds. */
const RETRY_MS = 5000;
const REPEAT_MS = 60_000;

const SENTENCES: Readonly<Record<Exclude<StoreFault, "busy">, string>> = {
  full: "the disk is full: nothing is accepted until there is room",
  failing: "the disk refuses to be written: nothing is accepted until it does not",
  damaged: "the database is damaged: stop, and restore a backup",
};

/** Whether the store can be written. While it cannot, one line a minute says so, however many requests fail by it. */
export class StoreHealth {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #log: Logger;
  #fault: StoreFault | undefined;
  #told = Number.NEGATIVE_INFINITY;
  #cancel = () => {};

  constructor(store: Store, clock: Clock, log: Logger) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
  }

  /** Why the store could not be written when it was last tried; undefined when it could. */
  get fault(): StoreFault | undefined {
    return this.#fault;
  }

  /** Takes note of an error that some work ended in. True: it was the store's, and is in the log as far as it has to be. */
  note(error: unknown): boolean {
    const fault = storeFaultOf(error);
    if (fault === undefined || fault === "busy") return false;
    if (this.#fault === undefined) this.#tryLater();
    this.#fault = fault;
    const now = this.#clock.now();
    if (now - this.#told < REPEAT_MS) return true;
    this.#told = now;
    this.#log.error({ fault, err: error }, SENTENCES[fault]);
    return true;
  }

  /** Ends what goes on by itself. */
  close(): void {
    this.#cancel();
  }

  #tryLater(): void {
    this.#cancel = this.#clock.later(RETRY_MS, () => void this.#try());
  }

  async #try(): Promise<void> {
    try {
      await probeWrite(this.#store);
      this.#fault = undefined;
      this.#told = Number.NEGATIVE_INFINITY;
      this.#log.warn("the database can be written again");
    } catch (error) {
      this.note(error);
      this.#tryLater();
    }
  }
}
