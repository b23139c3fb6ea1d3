import type { CommitView, Member, ProposalView } from "../../codec/group-view.js";
import { allow, type Decision, deny } from "../decision.js";
import { isModerator } from "../roles.js";
import { type RoomState, roleOf } from "../room-state.js";

/** Whether a proposal that takes `removed` out of its own accord may be made (framework draft, 5.8). */
export function mayLeave(room: RoomState, removed: Member): Decision {
  // "EXCEPT if … the leaving client is the last member of the MLS group": it deletes the group instead
  if (room.members.length === 1) return deny("5.8/last-client");

  const rest = room.members.filter(({ leafIndex }) => leafIndex !== removed.leafIndex);
  return leavesUnmoderated(room, [removed], { ...room, members: rest }) ? deny("5.8/last-moderator") : allow;
}

/** The same for all that leave with one commit; `after` is the room that it makes. */
export function mayAllLeave(room: RoomState, commit: CommitView, after: RoomState): Decision {
  const leavers = commit.proposals.filter(isOwnRemoval).map(({ removed }) => removed);
  return leavesUnmoderated(room, leavers, after) ? deny("5.8/last-moderator") : allow;
}

/** "members-only rooms only: the last client of the last user with role owner or admin" (resolutions). */
function leavesUnmoderated(room: RoomState, leavers: readonly Member[], after: RoomState): boolean {
  return (
    after.policy.membershipStyle === "members_only" &&
    leavers.some(({ userUri }) => isModerator(roleOf(room, userUri))) &&
    !after.members.some(({ userUri }) => isModerator(roleOf(after, userUri)))
  );
}

type Removal = Extract<ProposalView, { kind: "remove" | "selfRemove" }>;

/** Whether someone takes its own client out; "a provider's removal is never refused" for being the last moderator's. */
export function isOwnRemoval(proposal: ProposalView): proposal is Removal {
  if (proposal.kind !== "remove" && proposal.kind !== "selfRemove") return false;
  return proposal.sender.kind !== "external" && proposal.sender.member.userUri === proposal.removed.userUri;
}
