import type { Role, RoomPolicy } from "../codec/room-policy.js";
import { isModerator } from "./roles.js";

/**
 * What the rules ask of a role, by the names of draft-ietf-mimi-room-policy-03 ("Role Capabilities", two of them reserved there).
 * What maps and what does not: docs/adr/0018-capabilities.md.
 */
export type Capability =
  /** Make the room. */
  | "canCreateRoom"
  /** Come in without an entry in the policy. */
  | "canOpenJoin"
  /** Come in by an entry in the policy. */
  | "canJoinIfPreauthorized"
  /** Add clients of other users. */
  | "canAddParticipant"
  /** Remove another user's clients; its entry stays. */
  | "canKick"
  /** Change the policy's entries, bans among them. */
  | "canChangePreauthorizedUserList"
  /** Change everything else in the policy. */
  | "canChangeOtherPolicyAttribute"
  /** Voice. */
  | "canSendMessage";

const holds: Readonly<Record<Capability, (policy: RoomPolicy, role: Role | undefined) => boolean>> = {
  canCreateRoom: (_, role) => isModerator(role),
  canOpenJoin: ({ membershipStyle }, role) => role === undefined && membershipStyle === "open",
  canJoinIfPreauthorized: (_, role) => role !== undefined && role !== "banned",
  canAddParticipant: ({ membershipStyle }, role) =>
    membershipStyle === "open" ? role !== "banned" : membershipStyle === "members_only" && isModerator(role),
  canKick: ({ membershipStyle }, role) => membershipStyle !== "fixed_membership" && isModerator(role),
  canChangePreauthorizedUserList: (_, role) => isModerator(role),
  canChangeOtherPolicyAttribute: (_, role) => role === "owner",
  canSendMessage: ({ moderated }, role) =>
    isModerator(role) || role === "regular_user" || (role === "visitor" && !moderated),
};
const names = Object.keys(holds) as Capability[];

/** The capabilities of `role` in a room of this policy; `undefined` is a user outside who stands in none of its lists. */
export function capabilitiesOf(policy: RoomPolicy, role: Role | undefined): ReadonlySet<Capability> {
  return new Set(names.filter((name) => holds[name](policy, role)));
}
