import type { TimelineEntry } from "../../src/client/contract.js";
import type { NoticeContent } from "../shared/notice-text.js";
import { sameDay } from "../shared/times.js";

/** Messages of one sender within this time stand together, in milliseconds. */
const TOGETHER = 5 * 60_000;

/** A line of the timeline as it is drawn. */
export type Row =
  | { readonly kind: "day"; readonly key: string; readonly time: number }
  | { readonly kind: "new"; readonly key: string }
  | {
      readonly kind: "notice";
      readonly key: string;
      readonly content: NoticeContent;
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
 * The timeline's entries from `from` up to `to` as rows: a line for each new day, notices of a kind in one line, messages
 * of one sender together.
 *
 * @param newAfter - Order of the last entry that was read: the mark for new messages stands after it.
 */
export function timelineRows(
  entries: readonly TimelineEntry[],
  { from, to }: { readonly from: number; readonly to: number },
  newAfter: number | undefined,
): Row[] {
  const rows: Row[] = [];
  // What is new may begin above what is drawn, and then the mark stands there.
  let marked = newAfter === undefined || entries.slice(0, from).some((entry) => isNew(entry, newAfter));
  let previous: TimelineEntry | undefined;
  for (const entry of entries.slice(from, to)) {
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

/** Whether an entry is told in one line with the one above it. */
export function continuesNotice(above: TimelineEntry | undefined, entry: TimelineEntry | undefined): boolean {
  if (above === undefined || entry === undefined) return false;
  const [one, other] = [noticeOf(above), noticeOf(entry)];
  return one !== undefined && other !== undefined && areAlike(one, other) && sameDay(above.time, entry.time);
}

function push(rows: Row[], entry: TimelineEntry): void {
  const above = rows.at(-1);
  const content = noticeOf(entry);
  if (content !== undefined) {
    if (above?.kind === "notice" && areAlike(above.content, content)) {
      rows[rows.length - 1] = { ...above, entries: [...above.entries, entry] };
    } else {
      rows.push({ kind: "notice", key: entry.id, content, entries: [entry] });
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

/** Whether two notices are told in one line: who came, who left, whom the same person took out in the same way. */
function areAlike(one: NoticeContent, other: NoticeContent): boolean {
  if (one.kind !== other.kind) return false;
  if (one.kind === "removed" && other.kind === "removed") {
    return one.by?.userUri === other.by?.userUri && one.banned === other.banned;
  }
  return ["joined", "left", "restored", "diverged"].includes(one.kind);
}

function noticeOf({ content }: TimelineEntry): NoticeContent | undefined {
  return content.kind === "text" || content.kind === "unsupported" ? undefined : content;
}
