import { roomName } from "../../codec/room-policy.js";
import type { RoomState as PolicyRoom } from "../../policy/room-state.js";
import { changePolicy, mayChangePolicyTo } from "../change-policy.js";
import type { EngineContext } from "../context.js";
import { readRoomName } from "../read-room-name.js";
import { renamed } from "../setting-values.js";

/** Calls the room by another name. Resolves when it is called so. Throws EngineProblem. */
export async function rename(context: EngineContext, input: string): Promise<void> {
  const name = readRoomName(input);
  await changePolicy(context, ({ policy }) =>
    roomName(policy) === name ? undefined : { policy: renamed(policy, name), removed: [] },
  );
}

/** Whether `user` may call the room by another name. */
export function mayRename(room: PolicyRoom, user: string): boolean {
  const other = roomName(room.policy) === "A" ? "B" : "A";
  return mayChangePolicyTo(room, user, renamed(room.policy, other)).allowed;
}
