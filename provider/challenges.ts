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

  /**
   * A new challenge of 32 random octets in base64url. When too many are out the oldest is good no more: whoever asks for
   * thousands that he does not use keeps nobody else from registering, which takes a moment.
   */
  issue(): Challenge {
    for (const [challenge, expiresAt] of this.#expiry) {
      if (expiresAt > this.#clock.now() && this.#expiry.size < this.#limits.challenges) break;
      this.#expiry.delete(challenge);
    }
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
}
