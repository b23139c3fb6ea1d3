import type { EngineContext } from "../context.js";
import type { Memory } from "../memory.js";

/** A crowd that joins again spreads over so long a member, in milliseconds: each join is a commit, and one wins an epoch. */
const PER_MEMBER = 50;
/** Nobody waits longer to join again. */
const LONGEST_SPREAD = 10_000;
/** Nothing is held back longer, in milliseconds. */
const LONGEST_HOLD = 30_000;
/** And nothing shorter. */
const SHORTEST_HOLD = 500;

/** Over how many milliseconds so many members spread who all join again. */
export function spreadOf(members: number): number {
  return Math.min(LONGEST_SPREAD, members * PER_MEMBER);
}

/**
 * Holds back what is to be said while a crowd joins again: who is not back yet will not be able to read it. Ends when nobody
 * has come for as long as the crowd takes to spread.
 */
export class Hold {
  readonly #context: EngineContext;
  readonly #over: () => void;
  #since = 0;
  #epoch: bigint | undefined;
  #cancel: (() => void) | undefined;

  /** `over` is called when what was held back may be said. */
  constructor(context: EngineContext, over: () => void) {
    this.#context = context;
    this.#over = over;
    context.stopped.addEventListener("abort", () => this.#cancel?.(), { once: true });
  }

  get holds(): boolean {
    return this.#cancel !== undefined;
  }

  begin(): void {
    // Whoever makes it begin again and again does not make it longer.
    if (!this.holds) this.#since = this.#context.ports.clock.now();
    this.#wait(this.#context.memory);
  }

  /** Looks whether somebody came back. */
  consider(memory: Memory): void {
    if (this.holds && memory.seat?.view.epoch !== this.#epoch) this.#wait(memory);
  }

  #wait({ seat }: Memory): void {
    const { clock } = this.#context.ports;
    const members = seat?.view.members.length ?? 1;
    const left = LONGEST_HOLD - Math.abs(clock.now() - this.#since);
    const wait = members > 1 ? Math.min(left, SHORTEST_HOLD + spreadOf(members)) : 0;
    this.#epoch = seat?.view.epoch;
    this.#cancel?.();
    this.#cancel = clock.after(Math.max(0, wait), () => {
      this.#cancel = undefined;
      this.#over();
    });
  }
}
