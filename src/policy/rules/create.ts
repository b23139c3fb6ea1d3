import { equalBytes } from "../../codec/bytes.js";
import { accepts } from "../acceptance.js";
import { capabilitiesOf } from "../capabilities.js";
import { all, allow, type Decision, deny } from "../decision.js";
import { externalSenders, requiresRoomPolicy } from "../group-extensions.js";
import { isModerator, listedRole } from "../roles.js";
import type { RoomState } from "../room-state.js";
import { validatePolicy } from "../validate-policy.js";
import { mayBeNamed, mayEnter } from "./admit.js";

/** Whether `user` may make this room with this first group (framework draft, 5.1). */
export function mayCreateRoom(room: RoomState, user: string): Decision {
  const listed = listedRole(room.policy, user);
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
  { policyBytes, retained }: { readonly policyBytes: Uint8Array; readonly retained: Uint8Array },
): Decision {
  const listed = listedRole(room.policy, user);
  if (listed === "banned") return deny("5.1/banned");

  // "carrying the retained policy byte for byte"
  if (!equalBytes(policyBytes, retained)) return deny("5.1/retained-policy");

  // "If persistent_room is true … a client whose user has appropriate authorization can create a new MLS group"
  if (!room.policy.persistentRoom) return deny("5.1/not-persistent");

  // "In a persistent group, a regular user can also 'create'"
  if (isModerator(listed) || listed === "regular_user") return mayBeNamed(room, user);

  // "in a persistent open room whoever may join may start it"; in another, visitors and loggers may join, but not start
  const entry = mayEnter(room, user, "5.1");
  return entry.allowed && room.policy.membershipStyle !== "open" ? deny("5.1/not-admitted") : entry;
}

/** A group begins with its creator alone, with the hub's system user able to propose, and with nobody blind to policy. */
function isFirstGroup(room: RoomState, user: string): Decision {
  const [creator, ...others] = room.members;
  if (creator?.userUri !== user || others.length > 0) return deny("5.1/creator-alone");
  if (!accepts(creator.acceptance, room.policy).allowed) return deny("5.1/not-accepted");
  if (!externalSenders(room.extensions).includes(room.hub)) return deny("5.1/hub-sender");
  return requiresRoomPolicy(room.extensions) ? allow : deny("5.1/required-capabilities");
}
