import { isInside, type RoomState as PolicyRoom } from "../../policy/room-state.js";
import { changePolicy, type RoomChange } from "../change-policy.js";
import type { EngineContext } from "../context.js";
import { problem } from "../engine-problem.js";
import { readUser } from "../standing.js";

/** Removes all clients of a user. Resolves when they are out. Throws EngineProblem. */
export async function kick(context: EngineContext, input: string): Promise<void> {
  const user = readUser(input);
  await changePolicy(context, (room, own, inside) => {
    // A commit cannot remove its committer (RFC 9420, 12.2).
    if (user === own.userUri) throw problem("notAllowed", "Who wants to go leaves.");
    // Whose clients all go by themselves is taken out by a commit of nothing else.
    return kickOf(room, user) ?? (isInside(inside, user) ? { policy: room.policy, removed: [] } : undefined);
  });
}

/** Undefined when the user is not inside. */
export function kickOf(room: PolicyRoom, user: string): RoomChange | undefined {
  const removed = room.members.filter(({ userUri }) => userUri === user);
  return removed.length === 0 ? undefined : { policy: room.policy, removed };
}
