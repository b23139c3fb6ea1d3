import { equalBytes } from "../codec/bytes.js";
import { unlessMalformed } from "../codec/codec-error.js";
import type { CommitView, GroupView, Member } from "../codec/group-view.js";
import { roomName, roomPolicy } from "../codec/room-policy.js";
import { decode } from "../codec/tls.js";
import { decodeContent } from "../content/decode-content.js";
import { renderable } from "../content/renderable.js";
import type { EntryContent, EntryRecord } from "../storage/records.js";
import type { TimelineEntry } from "../worker/engine-api.js";

/** Entries that wait stand above every cursor, in the order they were typed. */
export const WAITING_ORDER = 2 ** 52;
/** Above every cursor (2^48 at most, see transport/event-stream.ts), and below every entry that waits. */
export const ABOVE_THE_LOG = 2 ** 49;
/** Notices of one commit share its cursor, and stand in between it and the next. */
const NOTICES_PER_CURSOR = 1024;
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
  const { failure, hash: _hash, salt: _salt, typed: _typed, stray: _stray, ...entry } = record;
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
  /** SHA-256 of the event's MLSMessage in hex; empty when no event tells of it. */
  readonly hash: string;
}

/** What a notice says of the one that it names. */
type NoticeContent = Exclude<EntryContent, { readonly kind: "text" | "unsupported" }>;
type Named = Pick<Member, "userUri" | "nickname">;

/** Who came and who went by a commit, one line a user, and what it calls the room. */
export function noticesOf(commit: CommitView, place: NoticePlace): EntryRecord[] {
  const { before, after, committer } = commit;
  return noticesBetween(before, after, place, { left: (user) => wentByItself(commit, user), by: committer });
}

/**
 * Who came and who went from one epoch to the next, and what the room is called now. `left`: whether a user that is gone went
 * by itself; `by`: who made the next epoch.
 */
export function noticesBetween(
  from: GroupView,
  to: GroupView,
  place: NoticePlace,
  { left, by }: { readonly left: (user: string) => boolean; readonly by: Named | undefined },
): EntryRecord[] {
  const before = firstByUser(from.members);
  const after = firstByUser(to.members);
  const changes: { readonly member: Named; readonly content: NoticeContent }[] = [];
  for (const [user, member] of before) {
    if (!after.has(user)) changes.push({ member, content: { kind: left(user) ? "left" : "removed" } });
  }
  for (const [user, member] of after) {
    if (!before.has(user)) changes.push({ member, content: { kind: "joined" } });
  }
  const name = newName(from, to);
  if (by && name !== undefined) changes.push({ member: by, content: { kind: "renamed", name } });
  return changes.slice(0, NOTICES_PER_CURSOR).map(({ member, content }, n) => notice(member, content, place, n));
}

/** What the room is called in `to`, where that is another name than in `from`. */
function newName(from: GroupView, to: GroupView): string | undefined {
  if (equalBytes(from.roomPolicy, to.roomPolicy)) return undefined;
  const nameIn = ({ roomPolicy: policy }: GroupView) => unlessMalformed(() => roomName(decode(roomPolicy, policy)));
  const name = nameIn(to);
  return name === nameIn(from) ? undefined : name;
}

/** One line about what a member did; `n` counts those of one commit. */
export function notice(
  member: Named,
  content: NoticeContent,
  { cursor, time, ownUser, hash }: NoticePlace,
  n = 0,
): EntryRecord {
  return {
    // A hub that goes back gives its cursors anew: the event itself names its lines.
    id: `notice-${hash === "" ? cursor : hash.slice(0, NAMED_BY)}-${n}`,
    order: cursor + n / NOTICES_PER_CURSOR,
    sender: { userUri: member.userUri, nickname: member.nickname, own: member.userUri === ownUser },
    time,
    content,
    status: "sent",
    ...(hash === "" ? {} : { hash }),
  };
}

/** The line that says that `sender` of the event there was shown another log than this client. */
export function divergedNotice(sender: Named, place: NoticePlace): EntryRecord {
  // Below the event that shows it, and whatever else that is told of it.
  const last = notice(sender, { kind: "diverged" }, place, NOTICES_PER_CURSOR - 0.5);
  return { ...last, id: `notice-diverged-${place.hash.slice(0, NAMED_BY)}` };
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
