import { equalBytes } from "../../codec/bytes.js";
import type { GroupView, Member } from "../../codec/group-view.js";
import type { Role } from "../../codec/room-policy.js";
import { accepts } from "../acceptance.js";
import { capabilitiesOf } from "../capabilities.js";
import { all, allow, type Decision, deny } from "../decision.js";
import { externalSenders, requiresRoomPolicy } from "../group-extensions.js";
import { isModerator } from "../roles.js";
import { listedRole, type RoomState } from "../room-state.js";
import { validatePolicy } from "../validate-policy.js";
import { mayBeNamed, mayEnter } from "./admit.js";

/** Whether `user` may make this room with this first group (framework draft, 5.1). */
export function mayCreateRoom(room: RoomState, user: string): Decision {
  const listed = listedRole(room, user);
  if (listed === "banned") return deny("5.1/banned");

  // "A user who is an admin or owner of the room, can 'create' the corresponding MLS group"
  if (!capabilitiesOf(room.policy, listed).has("canCreateRoom")) return deny("5.1/not-a-moderator");

  // whether its occupants are occupants of the parent cannot be judged yet
  if (room.policy.membershipStyle === "parent_dependent") return deny("5.1/parent-dependent");

  return all(
    () => validatePolicy(room.policy),
    () => mayBeNamed(room, user),
    () => isFirstGroup(room, user),
  );
}

/** Whether `user` may start a new group of a persistent room that has none (framework draft, 5.1 and 7.1). */
export function mayStartGroup(
  room: RoomState,
  user: string,
  { group, retained }: { readonly group: GroupView; readonly retained: Uint8Array },
): Decision {
  // whose claims count, the new group says
  const empty = { ...room, extensions: group.extensions };
  const listed = listedRole(empty, user, group.members);
  if (listed === "banned") return deny("5.1/banned");

  // "carrying the retained policy byte for byte"
  if (!equalBytes(group.roomPolicy, retained)) return deny("5.1/retained-policy");

  // "If persistent_room is true … a client whose user has appropriate authorization can create a new MLS group"
  if (!room.policy.persistentRoom) return deny("5.1/not-persistent");

  return all(
    () => mayBeginAnew(empty, user, group.members, listed),
    () => isFirstGroup({ ...empty, members: group.members }, user),
  );
}

function mayBeginAnew(room: RoomState, user: string, clients: readonly Member[], listed: Role | undefined): Decision {
  // "In a persistent group, a regular user can also 'create'"
  if (isModerator(listed) || listed === "regular_user") return mayBeNamed(room, user);

  // "in a persistent open room whoever may join may start it"; in another, visitors and loggers may join, but not start
  const entry = mayEnter(room, user, "5.1", clients);
  return entry.allowed && room.policy.membershipStyle !== "open" ? deny("5.1/not-admitted") : entry;
}

/**
 * A group begins with its creator alone, who accepts the room, with the hub's system user able to propose, and with nobody blind to
 * policy.
 */
function isFirstGroup(room: RoomState, user: string): Decision {
  const [creator, ...others] = room.members;
  if (creator?.userUri !== user || others.length > 0) return deny("5.1/creator-alone");
  if (!accepts(creator.acceptance, room.policy).allowed) return deny("5.1/not-accepted");
  if (!externalSenders(room.extensions).includes(room.hub)) return deny("5.1/hub-sender");
  return requiresRoomPolicy(room.extensions) ? allow : deny("5.1/required-capabilities");
}
