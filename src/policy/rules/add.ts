import type { Member, SenderView } from "../../codec/group-view.js";
import { accepts } from "../acceptance.js";
import { capabilitiesOf } from "../capabilities.js";
import { allow, type Decision, deny } from "../decision.js";
import { isLogger, listedUsers } from "../roles.js";
import { listedRole, type RoomState, roleOf } from "../room-state.js";
import { mayBeNamed, mayEnter } from "./admit.js";
import { mayAttend } from "./attend.js";

/** Whether `sender` may add the client `added` (framework draft, 5.2; by itself, 5.4). */
export function mayAdd(room: RoomState, sender: SenderView, added: Member): Decision {
  // "yes, except a banned user: the ban is checked first in every rule" (resolutions)
  if (listedRole(room, added.userUri, [added]) === "banned") return deny("5.2/banned");

  const attends = mayAttend(room, added);
  if (!attends.allowed) return attends;

  // "… and acceptable to the user of the client" (5.2)
  const accepted = accepts(added.acceptance, room.policy).allowed;
  if (!accepted) return deny(sender.kind === "newMemberProposal" ? "5.4/not-accepted" : "5.2/not-accepted");

  // "… or External Proposal to Add its own client" (5.4)
  if (sender.kind === "newMemberProposal") {
    return sender.member.clientUri === added.clientUri
      ? mayEnter(room, added.userUri, "5.4", [added])
      : deny("5.2/sender");
  }
  if (sender.kind !== "member") return deny("5.2/sender");
  const actor = sender.member.userUri;

  // "only a client of the same user" (resolutions on "already an occupant")
  if (actor === added.userUri) return allow;

  // "in a fixed-membership room any listed user may add clients of any listed user (else a DM could not start)"
  if (room.policy.membershipStyle === "fixed_membership") {
    const users = listedUsers(room.policy);
    const isExpected = users.has(added.userUri) || isLogger(room.policy, added.userUri);
    return users.has(actor) && isExpected ? allow : deny("5.2/fixed-membership");
  }

  // "the list of occupants of the room must be a … subset of the occupants of the parent room" (4): not judged yet
  if (room.policy.membershipStyle === "parent_dependent") return deny("5.2/parent-dependent");

  const named = mayBeNamed(room, added.userUri);
  if (!named.allowed) return named;

  // "if the room is open"; "if the room is flexible-membership and the 'adding user' is a room admin or owner"
  const may = capabilitiesOf(room.policy, roleOf(room, actor));
  return may.has("canAddParticipant") ? allow : deny("5.2/not-a-moderator");
}
