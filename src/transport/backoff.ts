import type { Clock, Random } from "./ports.js";

/** No wait between two tries is longer, in milliseconds, unless the provider asks for it. */
const LONGEST_WAIT = 30_000;

/** How long to wait before try `attempt` (0 is the first repetition), in milliseconds: doubling from `first`, half of it jitter. */
export function backoff(attempt: number, random: Random, first = 500): number {
  const most = doubled(first, attempt, LONGEST_WAIT);
  return most / 2 + (most / 2) * fraction(random);
}

/**
 * Anywhere between nothing and `first` doubled `attempt` times, `longest` at most, in milliseconds: for what many clients do
 * at the same moment. With full jitter those who lost the same provider come back spread over the whole of it.
 */
export function spread(attempt: number, random: Random, first: number, longest: number): number {
  return doubled(first, attempt, longest) * fraction(random);
}

function doubled(first: number, attempt: number, longest: number): number {
  return Math.min(longest, first * 2 ** Math.min(attempt, 16));
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
