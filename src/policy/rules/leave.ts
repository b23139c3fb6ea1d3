import type { CommitView, Member, ProposalView } from "../../codec/group-view.js";
import { allow, type Decision, deny } from "../decision.js";
import { isModerator } from "../roles.js";
import { type RoomState, roleOf } from "../room-state.js";
import { isSystemSender } from "./remove.js";

/** Whether a proposal that takes `removed` out of its own accord may be made (framework draft, 5.8). */
export function mayLeave(room: RoomState, removed: Member): Decision {
  // "EXCEPT if … the leaving client is the last member of the MLS group": it deletes the group instead
  if (room.members.length === 1) return deny("5.8/last-client");

  const rest = room.members.filter(({ leafIndex }) => leafIndex !== removed.leafIndex);
  return leavesUnmoderated(room, [removed], { ...room, members: rest }) ? deny("5.8/last-moderator") : allow;
}

/** The same for all whom members take out with one commit, themselves or each other; `after` is the room that it makes. */
export function mayAllLeave(room: RoomState, commit: CommitView, after: RoomState): Decision {
  const removals = commit.proposals.filter(isRemoval);
  const taken = (bySystem: boolean): readonly Member[] =>
    removals.filter(({ sender }) => isSystemSender(room, sender) === bySystem).map(({ removed }) => removed);

  // "A provider's removal is never refused for it" (resolutions): whom it takes counts as still there
  return leavesUnmoderated(room, taken(false), after, taken(true)) ? deny("5.8/last-moderator") : allow;
}

/** "members-only rooms only: the last client of the last user with role owner or admin" (resolutions). */
function leavesUnmoderated(
  room: RoomState,
  leavers: readonly Member[],
  after: RoomState,
  others: readonly Member[] = [],
): boolean {
  // whom a provider takes is not in that room, and leads it by its own claims
  const leads = (client: Member): boolean => isModerator(roleOf(after, client.userUri, [client]));
  return (
    after.policy.membershipStyle === "members_only" &&
    leavers.some(({ userUri }) => isModerator(roleOf(room, userUri))) &&
    !others.some(leads) &&
    !after.members.some(leads)
  );
}

type Removal = Extract<ProposalView, { kind: "remove" | "selfRemove" }>;

/** Whether a proposal takes a client out. */
export function isRemoval(proposal: ProposalView): proposal is Removal {
  return proposal.kind === "remove" || proposal.kind === "selfRemove";
}

/** Whether someone takes its own client out. */
export function isOwnRemoval(proposal: ProposalView): proposal is Removal {
  if (!isRemoval(proposal) || proposal.sender.kind === "external") return false;
  return proposal.sender.member.userUri === proposal.removed.userUri;
}
