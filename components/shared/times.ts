import type { Strings } from "../strings.js";

const MINUTE = 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function format(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  const known = formats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formats.set(key, known);
  return known;
}

/** `just now`, `5 min. ago`, and from an hour on the time of day. */
export function relativeTime(time: number, now: number, locale: string, strings: Strings): string {
  const minutes = Math.floor((now - time) / MINUTE);
  if (minutes < 1) return strings.justNow;
  if (minutes < 60) {
    return new Intl.RelativeTimeFormat(locale, { style: "short", numeric: "always" }).format(-minutes, "minute");
  }
  return format(locale, { hour: "numeric", minute: "2-digit" }).format(time);
}

/** Day, date, and time to the second. */
export function exactTime(time: number, locale: string): string {
  return format(locale, { dateStyle: "full", timeStyle: "medium" }).format(time);
}

/** `Today`, `Yesterday`, a weekday within the week, else the date. */
export function dayName(time: number, now: number, locale: string, strings: Strings): string {
  const days = Math.round((startOfDay(now) - startOfDay(time)) / (24 * 60 * MINUTE));
  if (days <= 0) return strings.today;
  if (days === 1) return strings.yesterday;
  if (days < 7) return format(locale, { weekday: "long" }).format(time);
  const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  return format(locale, { day: "numeric", month: "long", ...(sameYear ? {} : { year: "numeric" }) }).format(time);
}

/** Whether both moments are on one day, here. */
export function sameDay(one: number, other: number): boolean {
  return startOfDay(one) === startOfDay(other);
}

function startOfDay(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0);
}

/** The language of the page around an element, for times and numbers; else the browser's; else English. */
export function localeOf(element: Element): string {
  const language = element.closest("[lang]")?.getAttribute("lang") || document.documentElement.lang;
  // A page may say anything, and a browser under the C locale says "C".
  return [language, navigator.language].find(isLanguage) ?? "en";
}

function isLanguage(tag: string): boolean {
  try {
    return new Intl.Locale(tag).toString() !== "";
  } catch {
    return false;
  }
}
