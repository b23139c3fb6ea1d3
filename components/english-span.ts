const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A time in English, as it stands after "the last": `day`, `3 hours`. Rounded up: nobody is shown more than is told. Seconds. */
export function englishSpan(seconds: number): string {
  const [unit, length] = seconds < HOUR ? ["minute", MINUTE] : seconds < DAY ? ["hour", HOUR] : ["day", DAY];
  const count = Math.max(1, Math.ceil(seconds / length));
  return count === 1 ? unit : `${count} ${unit}s`;
}
