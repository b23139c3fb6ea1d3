import type { Member } from "../../codec/group-view.js";
import type { RoomState as PolicyRoom } from "../../policy/room-state.js";
import type { SettingsChange } from "../../worker/organiser-api.js";
import { changePolicy, type RoomChange, removedBy } from "../change-policy.js";
import type { EngineContext } from "../context.js";
import { withSettings } from "../setting-values.js";

/** Changes settings; whom the new policy excludes is removed. Throws EngineProblem. */
export async function changeSettings(context: EngineContext, wished: SettingsChange): Promise<void> {
  await changePolicy(context, (room, own) => {
    const change = settingsChange(room, own, wished);
    return change.policy === room.policy ? undefined : change;
  });
}

/** The change that sets them. */
export function settingsChange(room: PolicyRoom, own: Member, wished: SettingsChange): RoomChange {
  const policy = withSettings(room.policy, wished);
  return { policy, removed: removedBy(room, own, policy) };
}
