import { equalBytes } from "../../codec/bytes.js";
import type { CommitView, Member } from "../../codec/group-view.js";
import { accepts } from "../acceptance.js";
import { all, allow, type Decision, deny, every } from "../decision.js";
import { isModerator } from "../roles.js";
import { listedRole, type RoomState, roleOf } from "../room-state.js";
import { rosterOf, usersTouchedBy } from "../roster.js";
import { mayBeNamed } from "./admit.js";
import { losesPlace, mayAttend } from "./attend.js";

/**
 * Whether the room that a commit makes may stand, whatever it was made of. Where the policy stays, what held before holds
 * for whoever was there before: only those are looked at of whom a client came or went.
 */
export function holdsAfter(before: RoomState, after: RoomState, commit: CommitView): Decision {
  const changed = commit.proposals.some(({ kind }) => kind === "groupContextExtensions");
  const users = changed ? rosterOf(after.members) : usersTouchedBy(commit);
  return all(
    // "no Remove proposal can remove the last client from an MLS group" (5.7)
    () => (after.members.length === 0 ? deny("5.7/last-client") : allow),
    () => every(users.values(), (clients) => isOneUser(after, clients)),
    () => every(users, ([user, clients]) => mayStay(before, after, user, clients)),
    () => (changed && !hasModeratorInside(after) ? deny("5.11/no-moderator-inside") : allow),
  );
}

/** Whether these clients of `user` may stay: whoever a new policy excludes is removed by the commit that makes it hold. */
export function mayStay(before: RoomState, after: RoomState, user: string, clients: readonly Member[]): Decision {
  if (listedRole(after, user, clients) === "banned") return deny("5.11/banned-occupant");
  return all(
    () => (losesPlace(before, after, user, clients) ? deny("5.11/dropped-occupant") : allow),
    () => every(clients, (client) => mayAttend(after, client)),
    // "If clients advertise acceptable policies, a policy change Commit must be still compatible with all client policies, or
    // remove clients incompatible with the new policy" (5.11)
    () => every(clients, (client) => (isAccepted(after, client) ? allow : deny("5.11/not-accepted"))),
    () => mayBeNamed(after, user),
  );
}

function isAccepted({ policy }: RoomState, { acceptance }: Member): boolean {
  return accepts(acceptance, policy).allowed;
}

/** One leaf a client, one key a user, and one client a user where the room is single-device. */
function isOneUser({ policy }: RoomState, clients: readonly Member[]): Decision {
  const names = new Set(clients.map(({ clientUri }) => clientUri));
  if (names.size < clients.length) return deny("identity/duplicate-client");

  const [first, ...others] = clients;
  const sameKey = others.every(({ userKey }) => first !== undefined && equalBytes(userKey, first.userKey));
  if (!sameKey) return deny("identity/conflicting-keys");

  // "If the room is single-device, clients must also check that the resulting MLS group will only contain a single client
  // per user … look at the combination of all proposals included in the Commit" (5.2, 5.4)
  return policy.multiDevice || others.length === 0 ? allow : deny("5.2/single-device");
}

/** "the new policy cannot result in no admins with in-room clients" (5.11). */
function hasModeratorInside(room: RoomState): boolean {
  return room.members.some(({ userUri }) => isModerator(roleOf(room, userUri)));
}
