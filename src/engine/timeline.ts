import type { CommitView, GroupView, Member } from "../codec/group-view.js";
import { decodeContent } from "../content/decode-content.js";
import { renderable } from "../content/renderable.js";
import type { EntryContent, EntryRecord } from "../storage/records.js";
import type { TimelineEntry } from "../worker/engine-api.js";

/** Entries that wait stand above every cursor, in the order they were typed. */
export const WAITING_ORDER = 2 ** 52;
/** Notices of one commit share its cursor, and stand in between it and the next. */
const NOTICES_PER_CURSOR = 1024;

/** The last moment that a Date can be (ECMA-262, 21.4.1.1): a hub may write another, and no page could draw it. */
const LAST_MOMENT = 8.64e15;

/** When the hub says that it accepted something, in milliseconds since 1970, as a line can show it. */
export function momentOf(timestamp: number | bigint): number {
  return Math.min(Number(timestamp), LAST_MOMENT);
}

/** A stored line as the page sees it. `sending`: the ID of the message on its way. */
export function toEntry(record: EntryRecord, sending: string | undefined): TimelineEntry {
  const { failure, ...entry } = record;
  return {
    ...entry,
    status: record.status === "waiting" && record.id === sending ? "sending" : record.status,
    ...(failure ? { problem: { ...failure, retry: failure.code !== "tooLarge" } } : {}),
  };
}

/** Where in the log something stands, and who reads it. */
export interface NoticePlace {
  readonly cursor: number;
  readonly time: number;
  readonly ownUser: string;
}

/** Who came and who went by a commit, one line a user. */
export function noticesOf(commit: CommitView, place: NoticePlace): EntryRecord[] {
  return noticesBetween(commit.before, commit.after, place, (user) => wentByItself(commit, user));
}

/** Who came and who went from one epoch to the next. `left`: whether a user that is gone went by itself. */
export function noticesBetween(
  from: GroupView,
  to: GroupView,
  place: NoticePlace,
  left: (user: string) => boolean,
): EntryRecord[] {
  const before = firstByUser(from.members);
  const after = firstByUser(to.members);
  const changes: { readonly member: Member; readonly kind: "joined" | "left" | "removed" }[] = [];
  for (const [user, member] of before) {
    if (!after.has(user)) changes.push({ member, kind: left(user) ? "left" : "removed" });
  }
  for (const [user, member] of after) {
    if (!before.has(user)) changes.push({ member, kind: "joined" });
  }
  return changes.slice(0, NOTICES_PER_CURSOR).map(({ member, kind }, n) => notice(member, kind, place, n));
}

/** One line about a member that came or went; `n` counts those of one commit. */
export function notice(
  member: Pick<Member, "userUri" | "nickname">,
  kind: "joined" | "left" | "removed",
  { cursor, time, ownUser }: NoticePlace,
  n = 0,
): EntryRecord {
  return {
    id: `notice-${cursor}-${n}`,
    order: cursor + n / NOTICES_PER_CURSOR,
    sender: { userUri: member.userUri, nickname: member.nickname, own: member.userUri === ownUser },
    time,
    content: { kind },
    status: "sent",
  };
}

function firstByUser(members: readonly Member[]): Map<string, Member> {
  const users = new Map<string, Member>();
  for (const member of members) if (!users.has(member.userUri)) users.set(member.userUri, member);
  return users;
}

function wentByItself(commit: CommitView, user: string): boolean {
  return commit.proposals.some(
    (proposal) =>
      (proposal.kind === "selfRemove" && proposal.removed.userUri === user) ||
      (proposal.kind === "remove" &&
        proposal.removed.userUri === user &&
        proposal.sender.kind === "member" &&
        proposal.sender.member.userUri === user),
  );
}

/** The same line without what once went wrong with it. */
export function withoutFailure({ failure: _, ...entry }: EntryRecord): EntryRecord {
  return entry;
}

/** Encoded MIMI content as a line shows it. Throws CodecError (src/content) when it is malformed. */
export function entryContentOf(bytes: Uint8Array): EntryContent {
  return renderable(decodeContent(bytes));
}
