import type { Clock } from "../../src/transport/ports.js";

/** How many milliseconds of this clock one real millisecond is, while nothing real is under way. */
const FAST = 100;

interface Timer {
  readonly due: number;
  readonly then: () => void;
}

/**
 * A clock that runs fast while its world only waits, and at its real pace while something real is under way (a request at
 * the provider, a socket that connects): so a schedule of minutes takes a second, and a slow machine misses no deadline.
 */
export class VirtualClock implements Clock {
  #virtual = Date.now();
  #real = performance.now();
  #held = 0;
  readonly #timers = new Set<Timer>();
  #alarm: ReturnType<typeof setTimeout> | undefined;

  now(): number {
    return Math.floor(this.#now());
  }

  after(milliseconds: number, then: () => void): () => void {
    const timer = { due: this.#now() + milliseconds, then };
    this.#timers.add(timer);
    this.#arm();
    return () => {
      if (this.#timers.delete(timer)) this.#arm();
    };
  }

  /** Something real is under way until the result is called. */
  hold(): () => void {
    this.#pace(1);
    let held = true;
    return () => {
      if (held) this.#pace(-1);
      held = false;
    };
  }

  #pace(change: number): void {
    this.#virtual = this.#now();
    this.#real = performance.now();
    this.#held += change;
    this.#arm();
  }

  #now(): number {
    return this.#virtual + (performance.now() - this.#real) * this.#speed;
  }

  get #speed(): number {
    return this.#held > 0 ? 1 : FAST;
  }

  #arm(): void {
    clearTimeout(this.#alarm);
    if (this.#timers.size === 0) return;
    const next = Math.min(...[...this.#timers].map(({ due }) => due));
    this.#alarm = setTimeout(() => this.#ring(), Math.max(0, (next - this.#now()) / this.#speed));
  }

  #ring(): void {
    const now = this.#now();
    const due = [...this.#timers].filter((timer) => timer.due <= now).sort((a, b) => a.due - b.due);
    for (const timer of due) if (this.#timers.delete(timer)) timer.then();
    this.#arm();
  }
}
