import { updateRequest } from "../../codec/hub-messages.js";
import { encode } from "../../codec/tls.js";
import { proposeSelfRemove } from "../../mls/propose.js";
import { authorize } from "../../policy/authorize.js";
import { backoff, pause } from "../../transport/backoff.js";
import { ProviderRefusal, Unreachable } from "../../transport/provider-refusal.js";
import type { EngineContext } from "../context.js";
import { demand, problemOf } from "../engine-problem.js";
import type { SeatedGroup } from "../memory.js";

/** How often a silent provider, or one whose room moved on meanwhile, is asked before the person is told. */
const MOST_TRIES = 6;

/**
 * Leaves: asks by SelfRemove to be taken out where others can commit it, else closes the group. Then the keys, the group
 * and the timeline of this seat are deleted. Throws EngineProblem; the seat is kept then.
 */
export async function leave(context: EngineContext): Promise<void> {
  // What was asked for already, by epoch: an answer may be lost, and the request must not change.
  let asked: { readonly epoch: bigint; readonly body: Uint8Array } | undefined;
  for (let attempt = 0; ; attempt++) {
    const { seat } = context.memory;
    if (!seat) break;
    try {
      if (seat.view.members.length === 1) await closeGroup(context, seat);
      else {
        asked = asked?.epoch === seat.view.epoch ? asked : await askToGo(context, seat);
        const { body } = asked;
        await context.access.with((token) => context.provider.update(token, context.room, body));
      }
      break;
    } catch (error) {
      if (isGone(error)) break;
      if (!mayPass(error) || attempt >= MOST_TRIES) throw told(context, error);
      if (error instanceof ProviderRefusal) context.onBehind(error.currentEpoch);
      await pause(context.ports.clock, backoff(attempt, context.ports.random, 200), context.hurry);
    }
  }
  await forget(context);
}

async function forget(context: EngineContext): Promise<void> {
  const situation = { phase: "left", problem: undefined } as const;
  await context.step(async () => ({ change: { forget: true }, situation, result: undefined }));
}

async function closeGroup({ access, provider, room, memory }: EngineContext, seat: SeatedGroup): Promise<void> {
  demand(authorize(seat.room, { kind: "closeGroup", client: memory.identity?.clientUri ?? "" }));
  await access.with((token) => provider.closeGroup(token, room));
}

async function askToGo({ crypto }: EngineContext, { group, view, room }: SeatedGroup) {
  const own = view.members.find(({ leafIndex }) => leafIndex === group.ownLeafIndex);
  if (own) {
    const sender = { kind: "member", member: own } as const;
    demand(authorize(room, { kind: "propose", proposal: { kind: "selfRemove", sender, removed: own } }));
  }
  const proposal = await proposeSelfRemove(crypto, group);
  return { epoch: view.epoch, body: encode(updateRequest, { proposalOrCommit: proposal, bundle: undefined }) };
}

/** There is no seat to leave any more. */
function isGone(error: unknown): boolean {
  return (
    error instanceof ProviderRefusal &&
    (error.code === "notSeated" || error.code === "noGroup" || error.code === "noSuchRoom")
  );
}

/** Silence, trouble, or a room that moved on: someone came before the group was closed, or a commit before the proposal. */
function mayPass(error: unknown): boolean {
  if (error instanceof Unreachable) return true;
  return (
    error instanceof ProviderRefusal && (!error.definite || error.code === "wrongEpoch" || error.rule !== undefined)
  );
}

/** The seat stays, so the room is shown as it is; the page tells why from the rejection and the problem. */
function told(context: EngineContext, error: unknown): unknown {
  context.setSituation({ problem: problemOf(error) });
  return error;
}
