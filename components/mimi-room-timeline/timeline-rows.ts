import type { TimelineEntry } from "../../src/client/contract.js";
import { sameDay } from "../shared/times.js";

/** Messages of one sender within this time stand together, in milliseconds. */
const TOGETHER = 5 * 60_000;

type Notice = "joined" | "left" | "removed";

/** A line of the timeline as it is drawn. */
export type Row =
  | { readonly kind: "day"; readonly key: string; readonly time: number }
  | { readonly kind: "new"; readonly key: string }
  | {
      readonly kind: "notice";
      readonly key: string;
      readonly notice: Notice;
      readonly entries: readonly TimelineEntry[];
    }
  | {
      readonly kind: "message";
      readonly key: string;
      readonly entry: TimelineEntry;
      readonly first: boolean;
      readonly last: boolean;
    };

/**
 * The timeline as rows: a line for each new day, notices of a kind in one line, messages of one sender together.
 *
 * @param newAfter - Order of the last entry that was read: the mark for new messages stands after it.
 */
export function timelineRows(entries: readonly TimelineEntry[], newAfter: number | undefined): Row[] {
  const rows: Row[] = [];
  let marked = newAfter === undefined;
  let previous: TimelineEntry | undefined;
  for (const entry of entries) {
    if (previous === undefined || !sameDay(previous.time, entry.time)) {
      rows.push({ kind: "day", key: `day-${entry.id}`, time: entry.time });
    }
    if (!marked && isNew(entry, newAfter ?? 0)) {
      rows.push({ kind: "new", key: "new" });
      marked = true;
    }
    push(rows, entry);
    previous = entry;
  }
  return rows;
}

/** Whether an entry is somebody else's message that came after `read`. */
export function isNew(entry: TimelineEntry, read: number): boolean {
  return entry.order > read && !entry.sender.own && noticeOf(entry) === undefined;
}

function push(rows: Row[], entry: TimelineEntry): void {
  const above = rows.at(-1);
  const notice = noticeOf(entry);
  if (notice !== undefined) {
    if (above?.kind === "notice" && above.notice === notice) {
      rows[rows.length - 1] = { ...above, entries: [...above.entries, entry] };
    } else {
      rows.push({ kind: "notice", key: entry.id, notice, entries: [entry] });
    }
    return;
  }
  const joins = above?.kind === "message" && together(above.entry, entry);
  if (joins) rows[rows.length - 1] = { ...above, last: false };
  rows.push({ kind: "message", key: entry.id, entry, first: !joins, last: true });
}

function together(one: TimelineEntry, other: TimelineEntry): boolean {
  if (one.status === "failed" || other.status === "failed") return false;
  return one.sender.userUri === other.sender.userUri && other.time - one.time < TOGETHER;
}

function noticeOf({ content }: TimelineEntry): Notice | undefined {
  return content.kind === "joined" || content.kind === "left" || content.kind === "removed" ? content.kind : undefined;
}
