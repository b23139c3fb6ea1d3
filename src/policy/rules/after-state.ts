import { equalBytes } from "../../codec/bytes.js";
import type { CommitView, Member } from "../../codec/group-view.js";
import { all, allow, type Decision, deny, every } from "../decision.js";
import { isModerator, listedRole } from "../roles.js";
import { type RoomState, roleOf } from "../room-state.js";

/** Whether the room that a commit makes may stand, whatever it was made of. */
export function holdsAfter(after: RoomState, commit: CommitView): Decision {
  return all(
    // "no Remove proposal can remove the last client from an MLS group" (5.7)
    () => (after.members.length === 0 ? deny("5.7/last-client") : allow),
    () => everyUserOnce(after),
    // who is banned is removed by the commit that bans
    () =>
      every(after.members, ({ userUri }) =>
        listedRole(after.policy, userUri) === "banned" ? deny("5.11/banned-occupant") : allow,
      ),
    () => (changesPolicy(commit) && !hasModeratorInside(after) ? deny("5.11/no-moderator-inside") : allow),
  );
}

/** One leaf a client, one key a user, and one client a user where the room is single-device. */
function everyUserOnce({ policy, members }: RoomState): Decision {
  const clients = new Set<string>();
  const users = new Map<string, Member>();
  return every(members, (member) => {
    if (clients.has(member.clientUri)) return deny("identity/duplicate-client");
    clients.add(member.clientUri);

    const other = users.get(member.userUri);
    users.set(member.userUri, member);
    if (other === undefined) return allow;
    if (!equalBytes(other.userKey, member.userKey)) return deny("identity/conflicting-keys");

    // "If the room is single-device, clients must also check that the resulting MLS group will only contain a single
    // client per user … look at the combination of all proposals included in the Commit" (5.2, 5.4)
    return policy.multiDevice ? allow : deny("5.2/single-device");
  });
}

/** "the new policy cannot result in no admins with in-room clients" (5.11). */
function hasModeratorInside(room: RoomState): boolean {
  return room.members.some(({ userUri }) => isModerator(roleOf(room, userUri)));
}

function changesPolicy({ before, after }: CommitView): boolean {
  return !equalBytes(before.roomPolicy, after.roomPolicy);
}
