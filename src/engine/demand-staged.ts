import type { StagedOwnCommit } from "../mls/commit.js";
import { forgetGroup } from "../mls/forget-group.js";
import type { Group } from "../mls/group.js";
import { authorize } from "../policy/authorize.js";
import type { RoomState as PolicyRoom } from "../policy/room-state.js";
import { demand } from "./engine-problem.js";

/**
 * Throws the refusal of an own commit in `room` as EngineProblem; the group that it would make is forgotten then, but for what `before`
 * shares with it (docs/adr/0017-secrets-are-overwritten.md).
 */
export function demandStaged(room: PolicyRoom, { view, next }: StagedOwnCommit, ...before: readonly Group[]): void {
  const decision = authorize(room, { kind: "commit", commit: view });
  if (!decision.allowed) forgetGroup(next, ...before);
  demand(decision);
}
