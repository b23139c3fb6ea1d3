import type { Acceptance } from "../../worker/engine-api.js";
import { acceptedBy, objectionToPreview } from "../accepted.js";
import type { EngineContext } from "../context.js";
import { demand } from "../engine-problem.js";

/**
 * Keeps what the person accepts of rooms. Throws EngineProblem `notAccepted` when the room that it is in is none of those: it is for
 * the person to leave it first.
 */
export async function accept(context: EngineContext, wished: Acceptance): Promise<void> {
  const { logging, history, bots, receipts, pseudonyms } = wished;
  const acceptance = { logging, history, bots, receipts, pseudonyms };
  await context.step(async ({ seat }) => {
    if (seat) demand(acceptedBy({ acceptance }, seat.room.policy));
    return { change: { acceptance }, result: undefined };
  });
  if (context.situation.phase !== "preview" || context.memory.seat) return;
  context.setSituation({ problem: objectionToPreview(context) });
}
