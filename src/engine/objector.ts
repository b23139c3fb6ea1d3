import type { Problem } from "../worker/engine-api.js";
import { objectionTo } from "./accepted.js";
import { leave } from "./commands/leave.js";
import type { EngineContext } from "./context.js";
import type { Memory } from "./memory.js";
import { waitToRetry } from "./wait-to-retry.js";

/** Leaves a room whose policy is one no more that the person accepts (framework draft, 5.6), and says why. */
export class Objector {
  readonly #context: EngineContext;
  #leaving = false;

  constructor(context: EngineContext) {
    this.#context = context;
  }

  /** Looks whether the room's policy is accepted. */
  consider(memory: Memory): void {
    const objection = objectionIn(memory);
    if (!objection || this.#leaving) return;
    this.#leaving = true;
    this.#context.background("object", async () => {
      try {
        await this.#leave(objection);
      } finally {
        this.#leaving = false;
      }
    });
  }

  /** What keeps it from leaving may pass; what it may not say meanwhile is not said (see judgeSaying). */
  async #leave(objection: Problem): Promise<void> {
    this.#context.setSituation({ problem: objection });
    for (let attempt = 0; objectionIn(this.#context.memory); attempt++) {
      try {
        return await leave(this.#context, objection);
      } catch (error) {
        this.#context.checkRunning();
        await waitToRetry(this.#context, error, attempt);
      }
    }
  }
}

function objectionIn(memory: Memory): Problem | undefined {
  return memory.seat && objectionTo(memory, memory.seat.room.policy);
}
