import { unlessMalformed } from "../codec/codec-error.js";
import type { CommitView, Member } from "../codec/group-view.js";
import { roomName } from "../codec/room-policy.js";
import { listedRole, type RoomState as PolicyRoom, roleOf } from "../policy/room-state.js";
import { rosterOf } from "../policy/roster.js";
import { isOwnRemoval, isRemoval } from "../policy/rules/leave.js";
import type { EntryRecord, NamedUser } from "../storage/records.js";
import { policyChange } from "./policy-change.js";
import { MOST_NOTICES, type NoticePlace, notice, type StoredNotice } from "./timeline.js";

/** Who did what a commit shows. */
export interface Doers {
  /** Whether a user that is gone went by itself. */
  left(user: string): boolean;
  /** Who took a user out, where that is known. */
  remover(user: string): NamedUser | undefined;
  /** Who made the next epoch, where that is known. */
  readonly maker: NamedUser | undefined;
}

type Removal = Extract<StoredNotice, { readonly kind: "removed" }>;

interface Line {
  readonly member: NamedUser;
  readonly content: StoredNotice;
}

/** Who did what a received commit shows. */
export function doersOf(commit: CommitView): Doers {
  return {
    left: (user) => wentByItself(commit, user),
    remover: (user) => removerOf(commit, user),
    maker: commit.committer,
  };
}

/** Who came and who went from one epoch to the next, one line a user, and what was changed of the room and of whose role. */
export function noticesBetween(from: PolicyRoom, to: PolicyRoom, place: NoticePlace, doers: Doers): EntryRecord[] {
  const before = rosterOf(from.members);
  const after = rosterOf(to.members);
  const lines: Line[] = [];
  for (const [user, [member]] of before) {
    if (member && !after.has(user))
      lines.push({ member, content: doers.left(user) ? { kind: "left" } : removal(to, user, doers, member) });
  }
  for (const [user, [member]] of after) {
    if (member && !before.has(user)) lines.push({ member, content: { kind: "joined" } });
  }
  const { maker } = doers;
  if (maker && from.policy !== to.policy) {
    const staying = [...after].flatMap(([user, [member]]) => (member && before.has(user) ? [member] : []));
    lines.push(...changesOf(from, to, named(maker), staying));
  }
  return lines.slice(0, MOST_NOTICES).map(({ member, content }, n) => notice(member, content, place, n));
}

/** Who took `user` out, if anybody is known, and whether it may come back; `client` is one that it had. */
export function removal(
  after: PolicyRoom,
  user: string,
  doers: Pick<Doers, "remover">,
  client: Member | undefined,
): Removal {
  const by = doers.remover(user);
  const why = by ? { by: named(by) } : {};
  const role = listedRole(after, user, client && [client]);
  return { kind: "removed", ...why, ...(role === "banned" && { banned: true }) };
}

function changesOf(from: PolicyRoom, to: PolicyRoom, by: NamedUser, staying: readonly Member[]): Line[] {
  const name = nameIn(to);
  const renamed: Line[] =
    name !== undefined && name !== nameIn(from) ? [{ member: by, content: { kind: "renamed", name } }] : [];
  const rules = policyChange(from, to);
  return [
    ...renamed,
    ...(rules ? [{ member: by, content: rules }] : []),
    // Another default role is one of the rules: here stand those whose own place is another.
    ...staying
      .filter(({ userUri }) => listedRole(from, userUri) !== listedRole(to, userUri))
      .map((member) => ({ member, from: roleOf(from, member.userUri), to: roleOf(to, member.userUri) }))
      .filter((roles) => roles.from !== roles.to)
      .map(({ member, ...roles }) => ({ member, content: { kind: "roleChanged" as const, ...roles, by } })),
  ];
}

function nameIn({ policy }: PolicyRoom): string | undefined {
  return unlessMalformed(() => roomName(policy));
}

function named({ userUri, nickname }: NamedUser): NamedUser {
  return { userUri, nickname };
}

/** Nobody else took out any of its clients. */
function wentByItself({ proposals }: CommitView, user: string): boolean {
  return proposals.every(
    (proposal) => !isRemoval(proposal) || proposal.removed.userUri !== user || isOwnRemoval(proposal),
  );
}

function removerOf({ proposals }: CommitView, user: string): Member | undefined {
  for (const proposal of proposals) {
    const { sender } = proposal;
    if (proposal.kind === "remove" && proposal.removed.userUri === user && sender.kind === "member")
      return sender.member;
  }
  return undefined;
}
