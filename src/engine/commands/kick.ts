import type { RoomState as PolicyRoom } from "../../policy/room-state.js";
import { changePolicy, type RoomChange } from "../change-policy.js";
import type { EngineContext } from "../context.js";
import { problem } from "../engine-problem.js";
import { readUser } from "../standing.js";

/** Removes all clients of a user. Resolves when they are out. Throws EngineProblem. */
export async function kick(context: EngineContext, input: string): Promise<void> {
  const user = readUser(input);
  await changePolicy(context, (room, own) => {
    // A commit cannot remove its committer (RFC 9420, 12.2).
    if (user === own.userUri) throw problem("notAllowed", "Who wants to go leaves.");
    return kickOf(room, user);
  });
}

/** Undefined when the user is not inside. */
export function kickOf(room: PolicyRoom, user: string): RoomChange | undefined {
  const removed = room.members.filter(({ userUri }) => userUri === user);
  return removed.length === 0 ? undefined : { policy: room.policy, removed };
}
