import type { Clock, Random } from "./ports.js";

/** No wait between two tries is longer, in milliseconds. */
const LONGEST_WAIT = 30_000;

/** How long to wait before try `attempt` (0 is the first repetition): doubling from `first`, with full jitter. */
export function backoff(attempt: number, random: Random, first = 500): number {
  const most = Math.min(LONGEST_WAIT, first * 2 ** Math.min(attempt, 16));
  // Half of it is jitter: clients that lost the same provider do not come back together.
  return most / 2 + (most / 2) * fraction(random);
}

/** A number from 0 (inclusive) to 1 (exclusive). */
export function fraction(random: Random): number {
  const [high = 0, low = 0] = random(2);
  return (high * 256 + low) / 65_536;
}

/** Resolves after `milliseconds`, or at once when `signal` aborts; never rejects. */
export function pause(clock: Clock, milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      cancel();
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const cancel = clock.after(milliseconds, done);
    signal?.addEventListener("abort", done, { once: true });
  });
}
