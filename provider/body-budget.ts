import { Refusal } from "./refusal.js";

/** What one request's body holds of the budget. */
export interface BodyShare {
  /** Counts octets that have come. Throws Refusal when there is no memory for them. */
  take(octets: number): void;
  /** Gives everything back: the request has been answered. */
  release(): void;
}

/**
 * Bounds what all request bodies together keep in memory: each is bounded for itself, but there may be many. And what those of
 * one address keep: whoever sends bodies and never ends them keeps nobody else from being heard.
 */
export class BodyBudget {
  readonly #most: number;
  readonly #mostOfAddress: number;
  readonly #ofAddress = new Map<string, number>();
  #held = 0;

  /**
   * @param most Octets of all.
   * @param mostOfAddress Octets of one address.
   */
  constructor(most: number, mostOfAddress: number) {
    this.#most = most;
    this.#mostOfAddress = mostOfAddress;
  }

  /** A share of `address` that holds nothing yet. */
  share(address: string): BodyShare {
    let own = 0;
    return {
      take: (octets) => {
        const ofAddress = this.#ofAddress.get(address) ?? 0;
        if (this.#held + octets > this.#most || ofAddress + octets > this.#mostOfAddress) {
          throw new Refusal("unavailable", "too much is being sent at once", { retryAfter: 1 });
        }
        this.#held += octets;
        this.#ofAddress.set(address, ofAddress + octets);
        own += octets;
      },
      release: () => {
        const rest = (this.#ofAddress.get(address) ?? 0) - own;
        if (rest > 0) this.#ofAddress.set(address, rest);
        else this.#ofAddress.delete(address);
        this.#held -= own;
        own = 0;
      },
    };
  }
}
