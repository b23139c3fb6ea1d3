import type { CommitView, Member } from "../../codec/group-view.js";
import { excludedBy } from "../../policy/excluded-by.js";
import { type RoomState as PolicyRoom, roomStateOf } from "../../policy/room-state.js";
import { mayStay } from "../../policy/rules/after-state.js";
import { isOwnRemoval, isRemoval } from "../../policy/rules/leave.js";
import type { Problem } from "../../worker/engine-api.js";
import { objectionTo } from "../accepted.js";
import { doersOf, removal } from "../commit-notices.js";
import type { EngineContext } from "../context.js";
import { makeIdentity } from "../identity.js";
import type { Memory, SeatedGroup } from "../memory.js";
import type { Verdict } from "./receive.js";

/**
 * Somebody took this client out by `commit`: by whom and why is told. Who is banned keeps its user's key, for a new client: by another
 * key it would come back as somebody else, and could not be let in again.
 */
export async function removedFrom(
  { room, hub, ports }: EngineContext,
  { identity, acceptance }: Memory,
  seat: SeatedGroup,
  commit: CommitView,
): Promise<Verdict> {
  const after = roomStateOf(commit.after, room, hub);
  const { by, banned } = removal(after, identity?.userUri ?? "", doersOf(commit), ownClient(seat));
  const rule = banned ? undefined : exclusionFrom(seat, after, commit);
  const removed: Problem = {
    code: banned ? "banned" : "removed",
    ...(by && { by }),
    ...(rule !== undefined && { rule }),
    retry: !banned,
  };
  const client = banned && identity && (await makeIdentity({ ...identity, room, random: ports.random }));
  return {
    change: { forget: true, ...(client && { identity: client }) },
    situation: { phase: "left", problem: objectionTo({ acceptance }, after.policy) ?? removed },
  };
}

/** The rule by which the new policy has no place for this client; undefined where somebody took it out all the same. */
function exclusionFrom(seat: SeatedGroup, after: PolicyRoom, { sender, proposals }: CommitView): string | undefined {
  const { room } = seat;
  const own = ownClient(seat);
  const stays = own && mayStay(room, after, own.userUri, [own]);
  if (stays && !stays.allowed) return stays.rule;
  const left = new Set(
    proposals.flatMap((each) => (isRemoval(each) && isOwnRemoval(each) ? [each.removed.leafIndex] : [])),
  );
  const members = room.members.filter(({ leafIndex }) => !left.has(leafIndex));
  const committer = sender.kind === "member" ? sender.member : undefined;
  const excluded = own && excludedBy({ ...room, members }, after.policy, committer, after.extensions).includes(own);
  return excluded ? "5.2/single-device" : undefined;
}

function ownClient({ room, group }: SeatedGroup): Member | undefined {
  return room.members.find(({ leafIndex }) => leafIndex === group.ownLeafIndex);
}
