import type { Member } from "../codec/group-view.js";
import type { RoomPolicy } from "../codec/room-policy.js";
import type { RoomState } from "./room-state.js";
import { rosterOf } from "./roster.js";
import { mayStay } from "./rules/after-state.js";

/**
 * The clients inside that `policy` has no place for: "a policy change Commit must … remove clients incompatible with the new
 * policy" (framework draft, 5.11). Where each user is to have one client, the first leaf stays; `committer`, who cannot
 * remove itself (RFC 9420, 12.2), stays in its place. Where it is excluded for another reason, it cannot make that change.
 * Who leaves with the same commit of its own accord is left out of `before`. `extensions` are the new GroupContext's, where
 * other senders from outside make other claims count.
 */
export function excludedBy(
  before: RoomState,
  policy: RoomPolicy,
  committer?: Member,
  extensions = before.extensions,
): readonly Member[] {
  const after = { ...before, policy, extensions };
  return Array.from(rosterOf(before.members)).flatMap(([user, clients]) => {
    const fitting = clients.filter((client) => mayStay(before, after, user, [client]).allowed);
    const staying = policy.multiDevice ? fitting : oneOf(fitting, committer);
    return clients.filter((client) => !staying.includes(client));
  });
}

function oneOf(clients: readonly Member[], committer: Member | undefined): readonly Member[] {
  const [first, ...others] = clients;
  const own = others.find(({ leafIndex }) => leafIndex === committer?.leafIndex) ?? first;
  return own === undefined ? [] : [own];
}
