import { forgetGroup } from "../../mls/forget-group.js";
import { ensureExternalPub } from "../../mls/group-info.js";
import type { Staged } from "../../mls/stage.js";
import { authorize } from "../../policy/authorize.js";
import { doersOf, noticesBetween } from "../commit-notices.js";
import type { EngineContext } from "../context.js";
import { demand } from "../engine-problem.js";
import { type Memory, type SeatedGroup, seatIn } from "../memory.js";
import { forgottenBy } from "../own-message.js";
import type { Incoming, Verdict } from "./receive.js";
import { removedFrom } from "./removed-from.js";

/**
 * A staged commit of another client: kept when policy allows it (house.md, law 2). Throws EngineProblem when it does not, and
 * MlsError where nobody could join the epoch as the hub shows it; the old state is untouched then.
 */
export async function receiveCommit(
  context: EngineContext,
  memory: Memory,
  seat: SeatedGroup,
  { view, next }: Extract<Staged, { kind: "commit" }>,
  { cursor, time, hash, externalPub }: Incoming,
): Promise<Verdict> {
  try {
    demand(authorize(seat.room, { kind: "commit", commit: view }));
    if (next && externalPub.length > 0) await ensureExternalPub(next, externalPub);
  } catch (error) {
    if (next) forgetGroup(next, seat.group);
    throw error;
  }
  if (!next) return removedFrom(context, memory, seat, view);
  const kept = seatIn(next, view.after, context.room, context.hub);
  const place = { cursor, time, hash, ownUser: memory.identity?.userUri ?? "" };
  return {
    change: {
      seat: kept,
      // "settled by the event log": another commit ended the epoch that an own one was for
      pending: null,
      proposals: [],
      forbidden: [],
      entries: noticesBetween(seat.room, kept.room, place, doersOf(view)),
      ...forgottenBy(view.after.epoch, memory),
    },
  };
}
