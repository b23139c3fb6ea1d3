import { ProviderRefusal, Unreachable } from "../transport/provider-refusal.js";
import type { EngineContext } from "./context.js";
import type { Memory } from "./memory.js";
import { needsKeyPackages, replenishKeyPackages } from "./replenish-key-packages.js";
import { waitToRetry } from "./wait-to-retry.js";

/** How often a provider is asked that does not answer, or not now, until the next occasion. */
const MOST_TRIES = 8;
/** The first wait between two tries, in milliseconds. */
const FIRST_WAIT = 2_000;

/**
 * Replenishes this client's KeyPackages in the background, once a seat: when an engine starts with one and after joining. What
 * goes wrong is a fault, and nothing that a person need know.
 */
export class Replenisher {
  readonly #context: EngineContext;
  #client: string | undefined;

  constructor(context: EngineContext) {
    this.#context = context;
  }

  /** Looks whether there is a new occasion. */
  consider(memory: Memory): void {
    const client = needsKeyPackages(memory) ? memory.identity?.clientUri : undefined;
    if (client === this.#client) return;
    this.#client = client;
    if (client !== undefined) this.#context.background("keyPackages", () => this.#run(client));
  }

  async #run(client: string): Promise<void> {
    for (let attempt = 0; this.#client === client; attempt++) {
      try {
        return await replenishKeyPackages(this.#context);
      } catch (error) {
        const passes = error instanceof Unreachable || (error instanceof ProviderRefusal && !error.definite);
        if (!passes || attempt + 1 >= MOST_TRIES) throw error;
        await waitToRetry(this.#context, error, attempt, FIRST_WAIT);
      }
    }
  }
}
