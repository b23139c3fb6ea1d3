import { domainOf, userUri } from "../../codec/mimi-uri.js";
import { roomPolicy } from "../../codec/room-policy.js";
import { decode } from "../../codec/tls.js";
import { authorize } from "../../policy/authorize.js";
import { roomWithoutGroup } from "../../policy/room-state.js";
import { backoff, pause } from "../../transport/backoff.js";
import type { RoomSummary } from "../../transport/provider-client.js";
import { Unreachable } from "../../transport/provider-refusal.js";
import type { EngineContext } from "../context.js";
import { demand } from "../engine-problem.js";

/**
 * Fetches what a stranger may know of the room. Resolves after the first answer or failure, and never throws: what goes
 * wrong is the state. A provider that is unreachable is asked again, ever more seldom.
 */
export async function preview(context: EngineContext): Promise<void> {
  if (await tryPreview(context)) return;
  context.background("preview", async () => {
    for (let attempt = 0; isWaiting(context); attempt++) {
      await pause(context.ports.clock, backoff(attempt, context.ports.random, 2_000), context.hurry);
      if (isWaiting(context) && (await tryPreview(context))) return;
    }
  });
}

function isWaiting({ memory, situation: { phase, problem }, stopped }: EngineContext): boolean {
  return !stopped.aborted && !memory.seat && phase === "failed" && problem?.code === "unreachable";
}

/** Whether there was an answer, good or bad. */
async function tryPreview(context: EngineContext): Promise<boolean> {
  try {
    const summary = await context.provider.room(context.room);
    context.setSituation({ connection: "online", preview: summary });
    checkEntry(context, summary);
    context.access.prefetch();
    context.setSituation({ phase: "preview", problem: undefined });
    return true;
  } catch (error) {
    const silent = error instanceof Unreachable;
    context.setSituation({ connection: silent ? "offline" : "online" });
    context.fail("failed", error);
    return !silent;
  }
}

/** Whether the policy lets in who asks: this seat's user, or else a guest that has no key yet. */
function checkEntry({ room, hub, memory }: EngineContext, summary: RoomSummary): void {
  const policy = decode(roomPolicy, summary.policy);
  const user = memory.identity?.userUri ?? userUri(domainOf(room), "g-");
  demand(authorize(roomWithoutGroup(policy, room, hub), { kind: "fetchGroupInfo", user }));
}
