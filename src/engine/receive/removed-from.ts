import type { CommitView } from "../../codec/group-view.js";
import { type RoomState as PolicyRoom, roomStateOf } from "../../policy/room-state.js";
import { mayStay } from "../../policy/rules/after-state.js";
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
  const { by, banned } = removal(after, identity?.userUri ?? "", doersOf(commit));
  const rule = banned ? undefined : exclusionFrom(seat, after);
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
function exclusionFrom({ room, group }: SeatedGroup, after: PolicyRoom): string | undefined {
  const own = room.members.find(({ leafIndex }) => leafIndex === group.ownLeafIndex);
  const stays = own && mayStay(room, after, own.userUri, [own]);
  if (stays && !stays.allowed) return stays.rule;
  return room.policy.multiDevice && !after.policy.multiDevice ? "5.2/single-device" : undefined;
}
