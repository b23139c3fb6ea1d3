import { unlessMalformed } from "../../codec/codec-error.js";
import type { Member } from "../../codec/group-view.js";
import { roomName } from "../../codec/room-policy.js";
import type { RoomState as PolicyRoom } from "../../policy/room-state.js";
import type { SettingsChange } from "../../worker/organiser-api.js";
import { changePolicy, type RoomChange, removedBy } from "../change-policy.js";
import type { EngineContext } from "../context.js";
import { problem } from "../engine-problem.js";
import { readRoomName } from "../read-room-name.js";
import { withSettings } from "../setting-values.js";

/** Changes settings; whom the new policy excludes is removed. Throws EngineProblem. */
export async function changeSettings(context: EngineContext, wished: SettingsChange): Promise<void> {
  await changePolicy(context, (room, own) => {
    const change = settingsChange(room, own, wished);
    return change.policy === room.policy ? undefined : change;
  });
}

/** The change that sets them. Throws EngineProblem for values that no policy can hold; whether policy allows it is not asked here. */
export function settingsChange(room: PolicyRoom, own: Member, wished: SettingsChange): RoomChange {
  const { name } = wished;
  if (name !== undefined && name !== roomName(room.policy)) readRoomName(name);
  const policy = unlessMalformed(() => withSettings(room.policy, wished));
  if (!policy) throw problem("internal", "Not values of settings.");
  return { policy, removed: removedBy(room, own, policy) };
}
