import type { EngineContext } from "../context.js";
import { deliverCommit } from "../deliver-commit.js";

/** An own commit that the hub took and lost is offered again: the hub takes it, or says for good that it does not. */
export function deliverAgain(context: EngineContext): void {
  const { pending } = context.memory;
  if (!pending) return;
  const also = pending.purpose === "commitProposals" ? { proposals: [] } : {};
  context.background("deliverAgain", () => deliverCommit(context, pending, also));
}
