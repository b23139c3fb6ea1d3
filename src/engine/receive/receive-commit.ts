import { forgetGroup } from "../../mls/forget-group.js";
import { ensureExternalPub } from "../../mls/group-info.js";
import type { Staged } from "../../mls/stage.js";
import { authorize } from "../../policy/authorize.js";
import type { EngineContext } from "../context.js";
import { demand } from "../engine-problem.js";
import { type Memory, type SeatedGroup, seatIn } from "../memory.js";
import { forgottenBy } from "../own-message.js";
import { noticesOf } from "../timeline.js";
import type { Incoming, Verdict } from "./receive.js";

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
  if (!next) {
    return { change: { forget: true }, situation: { phase: "left", problem: { code: "removed", retry: true } } };
  }
  return {
    change: {
      seat: seatIn(next, view.after, context.room, context.hub),
      // "settled by the event log": another commit ended the epoch that an own one was for
      pending: null,
      proposals: [],
      entries: noticesOf(view, { cursor, time, hash, ownUser: memory.identity?.userUri ?? "" }),
      ...forgottenBy(view.after.epoch, memory),
    },
  };
}
