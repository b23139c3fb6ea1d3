import type { Limits } from "./config.js";

/** How many event streams are open, of all and of each address. */
export class StreamCount {
  readonly #ofAddress = new Map<string, number>();
  readonly #limits: Limits;
  #all = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Counts one in; false, and not counted, when there are too many. */
  enter(ip: string): boolean {
    const own = this.#ofAddress.get(ip) ?? 0;
    if (this.#all >= this.#limits.streams || own >= this.#limits.streamsPerIp) return false;
    this.#all += 1;
    this.#ofAddress.set(ip, own + 1);
    return true;
  }

  leave(ip: string): void {
    const own = this.#ofAddress.get(ip) ?? 0;
    this.#all -= 1;
    if (own > 1) this.#ofAddress.set(ip, own - 1);
    else this.#ofAddress.delete(ip);
  }
}
