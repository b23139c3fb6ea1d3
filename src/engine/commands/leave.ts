import { updateRequest } from "../../codec/hub-messages.js";
import { encode } from "../../codec/tls.js";
import { proposeSelfRemove } from "../../mls/propose.js";
import { authorize } from "../../policy/authorize.js";
import { isUndecided, ProviderRefusal } from "../../transport/provider-refusal.js";
import type { Problem } from "../../worker/engine-api.js";
import type { EngineContext } from "../context.js";
import { demand, problemOf } from "../engine-problem.js";
import type { SeatedGroup } from "../memory.js";
import { askedToWait, waitToRetry } from "../wait-to-retry.js";

/** How often a silent provider, or one whose room moved on meanwhile, is asked before the person is told. */
const MOST_TRIES = 6;
/** Who is asked to wait longer is told so, in milliseconds. */
const LONGEST_ASKED = 30_000;

/**
 * Leaves: asks by SelfRemove to be taken out where others can commit it, else closes the group. Then the keys, the group
 * and the timeline of this seat are deleted. `why`: what the person is told of it. Throws EngineProblem; the seat is kept then.
 */
export async function leave(context: EngineContext, why?: Problem): Promise<void> {
  // What was asked for already, by epoch: an answer may be lost, and the request must not change.
  let asked: { readonly epoch: bigint; readonly body: Uint8Array } | undefined;
  const leaver = context.memory.identity?.clientUri;
  for (let attempt = 0; ; attempt++) {
    const { seat, identity } = context.memory;
    // The log was quicker; the seat that there may be is another one.
    if (!seat || identity?.clientUri !== leaver) break;
    try {
      if (seat.view.members.length === 1) await closeGroup(context, seat);
      else {
        asked = asked?.epoch === seat.view.epoch ? asked : await askToGo(context);
        if (!asked) continue;
        const { body } = asked;
        await context.access.with((token) => context.provider.update(token, context.room, body));
      }
      break;
    } catch (error) {
      if (isGone(error)) break;
      if (!mayPass(error) || attempt >= MOST_TRIES || askedToWait(error) > LONGEST_ASKED)
        throw told(context, error, why);
      if (error instanceof ProviderRefusal) context.onBehind(error.currentEpoch);
      await waitToRetry(context, error, attempt, 200);
    }
  }
  await forget(context, leaver, why);
}

async function forget(context: EngineContext, leaver: string | undefined, why: Problem | undefined): Promise<void> {
  const situation = { phase: "left", problem: why } as const;
  const change = { forget: true } as const;
  await context.step(async ({ identity }) =>
    identity?.clientUri === leaver ? { change, situation, result: undefined } : { result: undefined },
  );
  // The log may have said that this client is out, as if others had wanted it.
  if (!context.memory.identity) context.setSituation(situation);
}

async function closeGroup({ access, provider, room, memory }: EngineContext, seat: SeatedGroup): Promise<void> {
  demand(authorize(seat.room, { kind: "closeGroup", client: memory.identity?.clientUri ?? "" }));
  await access.with((token) => provider.closeGroup(token, room));
}

/** In a step, since the keys of an epoch are gone when the next one begins. Undefined when there is no seat any more. */
function askToGo(context: EngineContext) {
  return context.step(async ({ seat }) => {
    if (!seat) return { result: undefined };
    const { group, view, room } = seat;
    const own = view.members.find(({ leafIndex }) => leafIndex === group.ownLeafIndex);
    if (own) {
      const sender = { kind: "member", member: own } as const;
      demand(authorize(room, { kind: "propose", proposal: { kind: "selfRemove", sender, removed: own } }));
    }
    const proposal = await proposeSelfRemove(context.crypto, group);
    const body = encode(updateRequest, { proposalOrCommit: proposal, bundle: undefined });
    return { result: { epoch: view.epoch, body } };
  });
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
  if (isUndecided(error)) return true;
  return error instanceof ProviderRefusal && (error.code === "wrongEpoch" || error.rule !== undefined);
}

/** The seat stays, so the room is shown as it is; the page tells why from the rejection and the problem. */
function told(context: EngineContext, error: unknown, why: Problem | undefined): unknown {
  // What keeps one from leaving for a reason may pass, and the reason stays.
  context.setSituation({ problem: why ?? problemOf(error) });
  return error;
}
