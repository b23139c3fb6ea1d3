import type { TimelineEntry } from "../../src/client/contract.js";
import { type Remembered, remembered } from "../shared/remembered.js";
import { isNew } from "./timeline-rows.js";

/**
 * How far the timeline was read, in this browser. What comes in while nobody looks is new; the mark before it stays
 * where it is until its reader writes, or until the next message comes in before their eyes.
 */
export class ReadMark {
  #memory: Remembered | undefined;
  #read: number | undefined;
  #newAfter: number | undefined;
  #unread = 0;
  #opened = false;

  /** Where the mark for new messages stands: after the entry of this order. */
  get newAfter(): number | undefined {
    return this.#newAfter;
  }

  /** How many messages of others have not been read. */
  get unread(): number {
    return this.#unread;
  }

  /** Begins with what is remembered under `name`. */
  open(name: string): void {
    this.#memory = name === "" ? undefined : remembered(`read/${name}`);
    const kept = Number.parseInt(this.#memory?.get() ?? "", 10);
    this.#read = Number.isNaN(kept) ? undefined : kept;
    this.#newAfter = undefined;
    this.#unread = 0;
    this.#opened = false;
  }

  /** The reader wrote: what stands above has been read. */
  wrote(): void {
    this.#newAfter = undefined;
  }

  /** Looks at the timeline; true when what is to be shown changed. */
  take(entries: readonly TimelineEntry[], reading: boolean): boolean {
    const newest = newestOf(entries);
    if (newest === undefined) return false;
    const [oldMark, oldUnread] = [this.#newAfter, this.#unread];
    // Somebody who was never here before has nothing to catch up with.
    const read = this.#read ?? newest;
    const unread = entries.filter((entry) => isNew(entry, read)).length;
    const seen = reading && this.#opened;
    if (unread > 0 && oldUnread === 0) this.#newAfter = seen ? undefined : read;
    this.#opened = true;
    if (reading || this.#read === undefined) {
      this.#keep(newest);
      this.#unread = 0;
    } else {
      this.#unread = unread;
    }
    return oldMark !== this.#newAfter || oldUnread !== this.#unread;
  }

  #keep(read: number): void {
    if (read === this.#read) return;
    this.#read = read;
    this.#memory?.set(String(read));
  }
}

/** The order of the newest entry that the hub has ordered. */
function newestOf(entries: readonly TimelineEntry[]): number | undefined {
  for (let at = entries.length - 1; at >= 0; at--) {
    const entry = entries[at];
    if (entry !== undefined && entry.status === "sent") return entry.order;
  }
  return undefined;
}
