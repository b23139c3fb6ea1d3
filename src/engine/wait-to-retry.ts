import { backoff, pause, spread } from "../transport/backoff.js";
import { ProviderRefusal } from "../transport/provider-refusal.js";
import type { EngineContext } from "./context.js";

/** Who were all told the same Retry-After come back spread over so much of it. */
const SPREAD_OF_RETRY_AFTER = 0.25;

/** How long the provider that refused with `error` asked to wait, in milliseconds; 0 when it did not. */
export function askedToWait(error: unknown): number {
  return error instanceof ProviderRefusal ? (error.retryAfter ?? 0) : 0;
}

/**
 * Waits before a request that failed with `error` is made for the `attempt`th time again (from 0; `first` as in backoff).
 * What the provider asked for is waited whoever hurries; the backoff ends when something has changed for the better.
 */
export async function waitToRetry(
  context: EngineContext,
  error: unknown,
  attempt: number,
  first?: number,
): Promise<void> {
  const { clock, random } = context.ports;
  const asked = askedToWait(error);
  if (asked > 0) {
    const jitter = spread(0, random, asked * SPREAD_OF_RETRY_AFTER, asked);
    await pause(clock, asked + jitter, context.stopped);
  }
  await pause(clock, backoff(attempt, random, first), context.hurry);
}
