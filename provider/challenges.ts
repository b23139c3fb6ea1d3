import { toBase64Url } from "../src/codec/bytes.js";
import type { Clock } from "./clock.js";
import type { Limits } from "./config.js";
import { Refusal } from "./refusal.js";

export interface Challenge {
  readonly challenge: string;
  readonly expiresAt: number;
}

/** Challenges that are out: each is good once, and only for a while. In memory: after a restart a client asks again. */
export class Challenges {
  readonly #expiry = new Map<string, number>();
  readonly #clock: Clock;
  readonly #limits: Limits;

  constructor(clock: Clock, limits: Limits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** A new challenge of 32 random octets in base64url. Throws Refusal while too many are out. */
  issue(): Challenge {
    this.#sweep();
    if (this.#expiry.size >= this.#limits.challenges) throw new Refusal("unavailable", "too many challenges are out");
    const challenge = toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
    const expiresAt = this.#clock.now() + this.#limits.challengeMs;
    this.#expiry.set(challenge, expiresAt);
    return { challenge, expiresAt };
  }

  /** Takes a challenge back, once. Throws Refusal when it was not issued here, is used up or has expired. */
  redeem(challenge: string): void {
    const expiresAt = this.#expiry.get(challenge);
    this.#expiry.delete(challenge);
    if (expiresAt === undefined || expiresAt <= this.#clock.now()) {
      throw new Refusal("invalidProof", "the challenge is unknown, used up or expired");
    }
  }

  /** They expire in the order in which they were issued, so the sweep ends at the first that is good. */
  #sweep(): void {
    const now = this.#clock.now();
    for (const [challenge, expiresAt] of this.#expiry) {
      if (expiresAt > now) return;
      this.#expiry.delete(challenge);
    }
  }
}
