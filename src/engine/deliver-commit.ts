import type { PendingRecord } from "../storage/records.js";
import { backoff, pause } from "../transport/backoff.js";
import { ProviderRefusal } from "../transport/provider-refusal.js";
import type { EngineContext } from "./context.js";
import { deliverPending, dropPending } from "./deliver-pending.js";
import type { Change } from "./memory.js";

/** A commit that leaves out a SelfRemove which the hub has came too late, though its epoch is the current one. */
const LEFT_OUT = "hub/pending-proposals";

/**
 * What became of a member's commit: `accepted` by the hub, and the event log brings it; `raced`: another ended its epoch, and
 * the log brings that one; `leftOut`: dropped, since it lacks a proposal that the log brings; `settled` by the log meanwhile.
 */
export type CommitDelivery = "accepted" | "raced" | "leftOut" | "settled";

/**
 * Delivers a pending commit of a member. The answer settles nothing but a refusal: before the commit stand messages of its
 * epoch that are still to be read. Throws the hub's definite ProviderRefusal; the commit is dropped then, and `also` done.
 */
export async function deliverCommit(
  context: EngineContext,
  pending: PendingRecord,
  also: Change = {},
): Promise<CommitDelivery> {
  try {
    return (await deliverPending(context, pending)) ? "accepted" : "settled";
  } catch (error) {
    if (!(error instanceof ProviderRefusal)) throw error;
    if (error.code === "wrongEpoch" && error.rule !== LEFT_OUT) {
      context.onBehind(error.currentEpoch);
      return "raced";
    }
    await dropPending(context, pending, error.rule === LEFT_OUT ? {} : also);
    if (error.rule !== LEFT_OUT) throw error;
    context.onBehind(undefined);
    const { clock, random } = context.ports;
    await pause(clock, backoff(0, random), context.hurry);
    return "leftOut";
  }
}
