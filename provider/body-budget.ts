import { Refusal } from "./refusal.js";

/** What one request's body holds of the budget. */
export interface BodyShare {
  /** Counts octets that have come. Throws Refusal when there is no memory for them. */
  take(octets: number): void;
  /** Gives everything back: the request has been answered. */
  release(): void;
}

/** Bounds what all request bodies together keep in memory: each is bounded for itself, but there may be many. */
export class BodyBudget {
  readonly #most: number;
  #held = 0;

  /** @param most Octets. */
  constructor(most: number) {
    this.#most = most;
  }

  /** A share that holds nothing yet. */
  share(): BodyShare {
    let own = 0;
    return {
      take: (octets) => {
        if (this.#held + octets > this.#most) {
          throw new Refusal("unavailable", "too much is being sent at once", { retryAfter: 1 });
        }
        this.#held += octets;
        own += octets;
      },
      release: () => {
        this.#held -= own;
        own = 0;
      },
    };
  }
}
