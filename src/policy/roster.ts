import type { CommitView, Member } from "../codec/group-view.js";

/** The clients of every user, by canonical URI. */
type Roster = ReadonlyMap<string, readonly Member[]>;

// Rooms of thousands ask with every commit: a list of members is read once. Lists are never changed in place.
const rosters = new WeakMap<readonly Member[], Roster>();

/** The users among `members`, each with all its clients. */
export function rosterOf(members: readonly Member[]): Roster {
  const known = rosters.get(members);
  if (known !== undefined) return known;
  const roster = byUser(members);
  rosters.set(members, roster);
  return roster;
}

/** The users of whom a client came or went by `commit`, each with all its clients after it; everyone where the count does not fit. */
export function usersTouchedBy({ sender, proposals, before, after }: CommitView): Roster {
  const came = proposals.flatMap((proposal) => (proposal.kind === "add" ? [proposal.added] : []));
  if (sender.kind === "newMemberCommit") came.push(sender.member);
  const went = proposals.flatMap((proposal) => ("removed" in proposal ? [proposal.removed] : []));
  const gone = new Set(went.map(({ leafIndex }) => leafIndex));
  if (after.members.length !== before.members.length - gone.size + came.length) return rosterOf(after.members);

  const seated = rosterOf(before.members);
  const newcomers = byUser(came);
  const touched = new Map<string, readonly Member[]>();
  for (const user of new Set([...came, ...went].map(({ userUri }) => userUri))) {
    const staying = (seated.get(user) ?? []).filter(({ leafIndex }) => !gone.has(leafIndex));
    const clients = [...staying, ...(newcomers.get(user) ?? [])];
    if (clients.length > 0) touched.set(user, clients);
  }
  return touched;
}

function byUser(members: readonly Member[]): Map<string, Member[]> {
  const roster = new Map<string, Member[]>();
  for (const member of members) {
    const clients = roster.get(member.userUri);
    if (clients === undefined) roster.set(member.userUri, [member]);
    else clients.push(member);
  }
  return roster;
}
