import { roleOf } from "../../policy/room-state.js";
import type { UserModeration } from "../../worker/organiser-api.js";
import { judgeChange, ownSeat, type RoomChange } from "../change-policy.js";
import type { EngineContext } from "../context.js";
import { readUser, STANDINGS, standingOf } from "../standing.js";
import { standingChange } from "./change-standing.js";
import { kickOf } from "./kick.js";

/** What the own user may do to another: policy is asked of each. Throws EngineProblem. */
export async function moderation(context: EngineContext, input: string): Promise<UserModeration> {
  const place = ownSeat(context);
  const { own, seat, staying } = place;
  const { room } = staying;
  const userUri = readUser(input);
  const standing = standingOf(room.policy, userUri);
  const may = (change: RoomChange | undefined) => change !== undefined && judgeChange(place, change).allowed;
  return {
    userUri,
    role: roleOf(seat.room, userUri),
    standing,
    mayGive: STANDINGS.filter((other) => other !== standing && may(standingChange(room, own, userUri, other))),
    mayKick: userUri !== own.userUri && may(kickOf(room, userUri)),
  };
}
