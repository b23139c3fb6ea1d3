import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { Clock } from "./clock.js";
import type { Rate, Rates } from "./config.js";
import { Refusal } from "./refusal.js";

const MOST_KEYS = 100_000;
const ALL_OTHERS = "others";

/** Counts what an address or a client does. In memory: a restart forgets, which harms nobody. */
export class RateLimits {
  readonly #limiters: ReadonlyMap<keyof Rates, Limiter>;

  /** @param mostKeys How many addresses or clients are counted apart in one span; those beyond share one count. */
  constructor(rates: Rates, clock: Clock, mostKeys = MOST_KEYS) {
    const entries = Object.entries(rates) as [keyof Rates, Rate][];
    this.#limiters = new Map(entries.map(([name, rate]) => [name, new Limiter(name, rate, clock, mostKeys)]));
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

/** One rate. Whoever asks from ever new addresses fills so much memory and no more. */
class Limiter {
  readonly #memory: RateLimiterMemory;
  readonly #clock: Clock;
  readonly #spanMs: number;
  readonly #mostKeys: number;
  #keys = new Set<string>();
  #spanEnds = 0;

  constructor(keyPrefix: string, { points, seconds }: Rate, clock: Clock, mostKeys: number) {
    this.#memory = new RateLimiterMemory({ keyPrefix, points, duration: seconds });
    this.#clock = clock;
    this.#spanMs = seconds * 1000;
    this.#mostKeys = mostKeys;
  }

  async consume(key: string): Promise<void> {
    await this.#memory.consume(this.#counted(key) ? key : ALL_OTHERS);
  }

  #counted(key: string): boolean {
    const now = this.#clock.now();
    if (now >= this.#spanEnds) {
      this.#keys = new Set();
      this.#spanEnds = now + this.#spanMs;
    }
    if (this.#keys.size < this.#mostKeys) this.#keys.add(key);
    return this.#keys.has(key);
  }
}
