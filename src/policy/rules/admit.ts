import type { Member } from "../../codec/group-view.js";
import { parseMimiUri } from "../../codec/mimi-uri.js";
import { capabilitiesOf } from "../capabilities.js";
import { allow, type Decision, deny } from "../decision.js";
import { isLogger } from "../roles.js";
import { isInside, listedRole, type RoomState } from "../room-state.js";
import type { AdmissionSection } from "../rule.js";

/**
 * Whether `user` may come in by itself: fetch the GroupInfo (framework draft, 5.5), send an External Commit (5.4), or
 * start the group of an open room (5.1); `clients` are those that it comes with, where they are known. Join links and codes
 * are not judged here yet: who needs one is not admitted.
 */
export function mayEnter(
  room: RoomState,
  user: string,
  section: AdmissionSection,
  clients: readonly Pick<Member, "claims">[] = [],
): Decision {
  const { policy } = room;
  const listed = listedRole(room, user, clients);

  // "Ban: To remove a user from a room such that the user is not allowed to re-enter" (2.2)
  if (listed === "banned") return deny(`${section}/banned`);

  // "if the joining user is already an occupant of the room"
  if (isInside(room, user)) return allow;

  const named = mayBeNamed(room, user);
  if (!named.allowed) return named;

  // "the room requires a passcode or passphrase when a client of a new user requests access to the GroupInfo" (7.1)
  if (policy.passwordProtected) return deny(`${section}/password`);

  // "if the joining user is already pre-authorized to enter the room"; listed logging clients are
  const may = capabilitiesOf(policy, listed);
  if (may.has("canJoinIfPreauthorized") || isLogger(policy, user)) return allow;

  // "An open room can be joined by any non-banned user" (4)
  if (may.has("canOpenJoin")) return allow;

  switch (policy.membershipStyle) {
    // "Other users cannot be added"
    case "fixed_membership":
      return deny(`${section}/fixed-membership`);
    // "the joining client is a member of the parent MLS group": no group tells that of another yet
    case "parent_dependent":
      return deny(`${section}/parent-dependent`);
    // "A members-only room can only be joined by a user in the occupant list, or who is pre-authorized"
    default:
      return deny(`${section}/not-admitted`);
  }
}

const guest = /^g-[A-Za-z0-9_-]{43}$/u;

/** "Otherwise … 'real' long-term identifiers are required in MLS credentials" (7.3); a guest is a pseudonym. */
export function mayBeNamed(room: RoomState, user: string): Decision {
  if (room.policy.pseudonymousIds) return allow;
  const uri = parseMimiUri(user);
  return uri.kind === "user" && guest.test(uri.user) ? deny("7.3/pseudonym") : allow;
}
