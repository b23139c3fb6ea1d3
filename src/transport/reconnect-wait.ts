import { spread } from "./backoff.js";
import type { Random } from "./ports.js";

/** The first wait after a connection was lost, at most, in milliseconds. */
const FIRST = 2_000;
/** No wait is longer, in milliseconds, while the provider may be back any moment … */
const LONGEST = 30_000;
/** … and none is longer when it was not back after so many tries: some six minutes of them. */
const PATIENT_AFTER = 24;
const LONGEST_WHEN_PATIENT = 5 * 60_000;
/** Even at the best chance nobody comes back sooner, in milliseconds. */
const LEAST = 50;
/** "1013 … Try Again Later" (IANA's registry of close codes): a provider that has too many streams, or is too busy. */
const TRY_AGAIN_LATER = 1013;
/** How long such a provider is left in peace, in milliseconds; a close carries no Retry-After. */
const PEACE = 5_000;

/**
 * How long to wait before reconnect number `failures` (0 after a connection that had lasted), in milliseconds: `asked` in any
 * case, `more` unless somebody is in a hurry. A client cannot tell whether it alone was cut or all were, so every wait has
 * full jitter: those who lost the same provider come back spread over two seconds, and over more and more when it is
 * still away. Who alone lost its network is told by the browser when it is back, and does not wait.
 */
export function reconnectWait(
  failures: number,
  end: { readonly code: number; readonly retryAfter?: number | undefined },
  random: Random,
): { readonly asked: number; readonly more: number } {
  const asked = Math.max(end.retryAfter ?? 0, end.code === TRY_AGAIN_LATER ? PEACE : 0);
  const longest = failures < PATIENT_AFTER ? LONGEST : LONGEST_WHEN_PATIENT;
  // Who were told the same time come back spread over a part of it.
  const first = Math.max(FIRST, asked / 2);
  return { asked, more: LEAST + spread(failures, random, first, Math.max(longest, first)) };
}
