import { decodeContent } from "../content/decode-content.js";
import { renderable } from "../content/renderable.js";
import type { EntryContent, EntryRecord, NamedUser } from "../storage/records.js";
import type { TimelineEntry } from "../worker/engine-api.js";
import { shownPolicyChange } from "./policy-change.js";

/** Entries that wait stand above every cursor, in the order they were typed. */
export const WAITING_ORDER = 2 ** 52;
/** Above every cursor (2^48 at most, see transport/event-stream.ts), and below every entry that waits. */
export const ABOVE_THE_LOG = 2 ** 49;
/** Notices of one commit share its cursor, and stand in between it and the next. */
export const MOST_NOTICES = 1024;
/** Digits of an event's hash that name its notices. */
const NAMED_BY = 32;

/** The last moment that a Date can be (ECMA-262, 21.4.1.1): a hub may write another, and no page could draw it. */
const LAST_MOMENT = 8.64e15;

/** When the hub says that it accepted something, in milliseconds since 1970, as a line can show it. */
export function momentOf(timestamp: number | bigint): number {
  return Math.min(Number(timestamp), LAST_MOMENT);
}

/** A stored line as the page sees it. `sending`: the ID of the message on its way. */
export function toEntry(record: EntryRecord, sending: string | undefined): TimelineEntry {
  const { failure, hash: _hash, salt: _salt, typed: _typed, stray: _stray, content, ...entry } = record;
  return {
    ...entry,
    content: content.kind === "policyChanged" ? shownPolicyChange(content) : content,
    status: record.status === "waiting" && record.id === sending ? "sending" : record.status,
    ...(failure ? { problem: { ...failure, retry: failure.code !== "tooLarge" } } : {}),
  };
}

/** Where in the log something stands, and who reads it. */
export interface NoticePlace {
  readonly cursor: number;
  readonly time: number;
  readonly ownUser: string;
  /** SHA-256 of the event's MLSMessage in hex; empty when no event tells of it. */
  readonly hash: string;
}

/** What a notice says of the one that it names. */
export type StoredNotice = Exclude<EntryContent, { readonly kind: "text" | "unsupported" }>;

/** One line about what a member did; `n` counts those of one commit. */
export function notice(
  member: NamedUser,
  content: StoredNotice,
  { cursor, time, ownUser, hash }: NoticePlace,
  n = 0,
): EntryRecord {
  return {
    // A hub that goes back gives its cursors anew: the event itself names its lines.
    id: `notice-${hash === "" ? cursor : hash.slice(0, NAMED_BY)}-${n}`,
    order: cursor + n / MOST_NOTICES,
    sender: { userUri: member.userUri, nickname: member.nickname, own: member.userUri === ownUser },
    time,
    content,
    status: "sent",
    ...(hash === "" ? {} : { hash }),
  };
}

/** The line that says that `sender` of the event there was shown another log than this client. */
export function divergedNotice(sender: NamedUser, place: NoticePlace): EntryRecord {
  // Below the event that shows it, and whatever else that is told of it.
  const last = notice(sender, { kind: "diverged" }, place, MOST_NOTICES - 0.5);
  return { ...last, id: `notice-diverged-${place.hash.slice(0, NAMED_BY)}` };
}

/** The line that says what `sender` of the event there tried. Its event is none of the log's where it is a commit: it names none. */
export function refusedNotice(
  sender: NamedUser,
  content: Extract<StoredNotice, { readonly kind: "refused" }>,
  place: NoticePlace,
): EntryRecord {
  const last = notice(sender, content, { ...place, hash: "" }, MOST_NOTICES - 0.25);
  return { ...last, id: `notice-refused-${place.hash.slice(0, NAMED_BY)}` };
}

/** The same line without what once went wrong with it. */
export function withoutFailure({ failure: _, ...entry }: EntryRecord): EntryRecord {
  return entry;
}

/** Encoded MIMI content as a line shows it. Throws CodecError (src/content) when it is malformed. */
export function entryContentOf(bytes: Uint8Array): EntryContent {
  return renderable(decodeContent(bytes));
}
