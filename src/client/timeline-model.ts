import type { TimelineEntry } from "../worker/engine-api.js";

/** As many entries are kept when more come in; the older ones can be loaded again. */
const KEPT = 2_000;
/** They are let go of so many at a time. */
const SLACK = 500;
/** Whoever loaded more of the past is reading there, and keeps it up to this. */
const MOST_KEPT = 10_000;

/** What a change did to the timeline. */
export interface TimelineChange {
  readonly changed: readonly TimelineEntry[];
  readonly gone: readonly string[];
}

/** The entries that are loaded, in order; every change makes a new array, so that a page can compare by identity. */
export class TimelineModel {
  #byId = new Map<string, TimelineEntry>();
  #entries: readonly TimelineEntry[] = [];
  #kept = KEPT;

  get entries(): readonly TimelineEntry[] {
    return this.#entries;
  }

  /** The order of the oldest entry loaded; {@link Number.MAX_SAFE_INTEGER} when none is. */
  get oldest(): number {
    return this.#entries[0]?.order ?? Number.MAX_SAFE_INTEGER;
  }

  /** What is loaded now was asked for: so many are kept from here on. */
  keep(): void {
    this.#kept = Math.min(MOST_KEPT, Math.max(this.#kept, this.#entries.length));
  }

  /** Lets go of the oldest entries when there are very many. Whether it did. */
  trim(): boolean {
    if (this.#entries.length < this.#kept + SLACK) return false;
    this.#entries = this.#entries.slice(-this.#kept);
    this.#byId = new Map(this.#entries.map((entry) => [entry.id, entry]));
    return true;
  }

  /** Adds or replaces `entries`, takes `gone` away. Undefined when nothing changed. */
  merge(entries: readonly TimelineEntry[], gone: readonly string[]): TimelineChange | undefined {
    const changed = entries.filter((entry) => !isSame(this.#byId.get(entry.id), entry)).sort(byOrder);
    const removed = gone.filter((id) => this.#byId.has(id));
    if (changed.length === 0 && removed.length === 0) return undefined;
    for (const id of removed) this.#byId.delete(id);
    for (const entry of changed) this.#byId.set(entry.id, entry);
    this.#entries = [...this.#byId.values()].sort(byOrder);
    return { changed, gone: removed };
  }
}

function byOrder(a: TimelineEntry, b: TimelineEntry): number {
  return a.order - b.order || (a.id < b.id ? -1 : 1);
}

/** What was said never changes; where it stands and how it fares does. */
function isSame(a: TimelineEntry | undefined, b: TimelineEntry): boolean {
  return (
    a !== undefined &&
    a.order === b.order &&
    a.status === b.status &&
    a.time === b.time &&
    a.problem?.code === b.problem?.code
  );
}
