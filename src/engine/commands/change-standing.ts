import type { Member } from "../../codec/group-view.js";
import type { RoomState as PolicyRoom } from "../../policy/room-state.js";
import type { Standing } from "../../worker/organiser-api.js";
import { changePolicy, type RoomChange, removedBy } from "../change-policy.js";
import type { EngineContext } from "../context.js";
import { deniedBy } from "../engine-problem.js";
import { readUser, standingOf, withStanding } from "../standing.js";

/** Gives a user another place in the policy; who is banned by that is removed. Throws EngineProblem. */
export async function changeStanding(context: EngineContext, input: string, standing: Standing): Promise<void> {
  const user = readUser(input);
  await changePolicy(context, (room, own) => {
    if (standingOf(room.policy, user) === standing) return undefined;
    const change = standingChange(room, own, user, standing);
    // A bot has the role that the policy gives to the bot.
    if (!change) throw deniedBy("valid/two-roles");
    return change;
  });
}

/** Undefined when no entry gives it. */
export function standingChange(
  room: PolicyRoom,
  own: Member,
  user: string,
  standing: Standing,
): RoomChange | undefined {
  const policy = withStanding(room.policy, user, standing);
  return standingOf(policy, user) === standing ? { policy, removed: removedBy(room, own, policy) } : undefined;
}
