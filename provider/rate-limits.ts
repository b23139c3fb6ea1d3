import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { Rate, Rates } from "./config.js";
import { Refusal } from "./refusal.js";

/** Counts what an address or a client does. In memory: a restart forgets, which harms nobody. */
export class RateLimits {
  readonly #limiters: ReadonlyMap<keyof Rates, RateLimiterMemory>;

  constructor(rates: Rates) {
    const entries = Object.entries(rates) as [keyof Rates, Rate][];
    this.#limiters = new Map(
      entries.map(([name, { points, seconds }]) => [
        name,
        new RateLimiterMemory({ keyPrefix: name, points, duration: seconds }),
      ]),
    );
  }

  /** Counts one for `key`. Throws Refusal with the seconds to wait when it was one too many. */
  async take(rate: keyof Rates, key: string): Promise<void> {
    try {
      await this.#limiters.get(rate)?.consume(key);
    } catch (reason) {
      if (!(reason instanceof RateLimiterRes)) throw reason;
      const retryAfter = Math.max(1, Math.ceil(reason.msBeforeNext / 1000));
      throw new Refusal("rateLimited", `too often; try again in ${retryAfter} s`, { retryAfter });
    }
  }
}
