import type { TimelineEntry } from "../../src/client/contract.js";
import { continuesNotice } from "./timeline-rows.js";

/** As many lines are drawn at first. */
const AT_FIRST = 150;
/** As many more are drawn when somebody reads up to an edge: as many as are loaded at a time. */
const STEP = 50;
/** Never more: what is far from what is read goes. */
const MOST = 300;

/** Which entries are drawn: from the first index up to the second, that one excluded. */
export interface DrawnRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The piece of a long timeline that is drawn, in lines: its newest end, or where somebody reads. A page that is open for
 * weeks, or that was scrolled through all that was ever said, draws no more than a fresh one can.
 */
export class DrawnWindow {
  /** The first entry that is drawn; undefined while the newest are. */
  #first: TimelineEntry | undefined;
  #lines = AT_FIRST;

  /** Draws the newest from here on, as many as at first. */
  follow(): void {
    this.#first = undefined;
    this.#lines = AT_FIRST;
  }

  /** Stays with what is drawn of `entries`, whatever comes at their end. */
  hold(entries: readonly TimelineEntry[]): void {
    this.#first = entries[this.range(entries).from];
  }

  range(entries: readonly TimelineEntry[]): DrawnRange {
    const first = this.#first;
    if (first === undefined) return { from: linesBefore(entries, entries.length, this.#lines), to: entries.length };
    const from = placeOf(entries, first);
    return { from, to: linesAfter(entries, from, this.#lines) };
  }

  /** Draws more of what is older. Whether there is any. */
  up(entries: readonly TimelineEntry[]): boolean {
    const { from } = this.range(entries);
    if (from === 0) return false;
    this.#first = entries[linesBefore(entries, from, STEP)];
    this.#lines = Math.min(MOST, this.#lines + STEP);
    return true;
  }

  /** Draws more of what is newer. Whether there is any. */
  down(entries: readonly TimelineEntry[]): boolean {
    const { from, to } = this.range(entries);
    if (to === entries.length) return false;
    const end = linesAfter(entries, to, STEP);
    this.#first = entries[Math.max(from, linesBefore(entries, end, MOST))];
    this.#lines = Math.min(MOST, this.#lines + STEP);
    return true;
  }
}

/** Where an entry stands; where it would stand when it is gone. */
function placeOf(entries: readonly TimelineEntry[], { id, order }: TimelineEntry): number {
  const known = entries.findIndex((entry) => entry.id === id);
  if (known >= 0) return known;
  const next = entries.findIndex((entry) => entry.order >= order);
  return next < 0 ? Math.max(0, entries.length - 1) : next;
}

/** The index where the `lines` lines before `index` begin. */
function linesBefore(entries: readonly TimelineEntry[], index: number, lines: number): number {
  let at = index;
  for (let left = lines; at > 0; at -= 1) {
    if (at < index && continuesNotice(entries[at - 1], entries[at])) continue;
    if (left === 0) break;
    left -= 1;
  }
  return at;
}

/** The index where the `lines` lines from `index` on end. */
function linesAfter(entries: readonly TimelineEntry[], index: number, lines: number): number {
  let at = index;
  for (let left = lines; at < entries.length; at += 1) {
    if (at > index && continuesNotice(entries[at - 1], entries[at])) continue;
    if (left === 0) break;
    left -= 1;
  }
  return at;
}
