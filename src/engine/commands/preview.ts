import { domainOf, userUri } from "../../codec/mimi-uri.js";
import { roomPolicy } from "../../codec/room-policy.js";
import { decode } from "../../codec/tls.js";
import { authorize } from "../../policy/authorize.js";
import { roomWithoutGroup } from "../../policy/room-state.js";
import type { RoomSummary } from "../../transport/provider-client.js";
import { isUndecided, Unreachable } from "../../transport/provider-refusal.js";
import { objectionToPreview } from "../accepted.js";
import type { EngineContext } from "../context.js";
import { demand } from "../engine-problem.js";
import { waitToRetry } from "../wait-to-retry.js";

/** The first wait before an unreachable provider is asked again, in milliseconds. */
const FIRST_WAIT = 2_000;

/**
 * Fetches what a stranger may know of the room. Resolves after the first answer or failure, and never throws: what goes
 * wrong is the state. A provider that is unreachable or in trouble is asked again, ever more seldom, as long as the page is
 * there and shows that.
 */
export async function preview(context: EngineContext): Promise<void> {
  let undecided = await tryPreview(context);
  if (undecided === undefined) return;
  context.background("preview", async () => {
    let shown = context.situation.problem;
    for (let attempt = 0; undecided !== undefined; attempt++) {
      await waitToRetry(context, undecided, attempt, FIRST_WAIT);
      // Somebody has asked anew meanwhile, or gone on.
      if (context.stopped.aborted || context.situation.problem !== shown) return;
      undecided = await tryPreview(context);
      shown = context.situation.problem;
    }
  });
}

/** What made it fail when asking again may help. */
async function tryPreview(context: EngineContext): Promise<unknown> {
  try {
    const summary = await context.provider.room(context.room);
    context.setSituation({ connection: "online", preview: summary });
    checkEntry(context, summary);
    context.access.prefetch();
    context.setSituation({ phase: "preview", problem: objectionToPreview(context) });
    return undefined;
  } catch (error) {
    context.setSituation({ connection: error instanceof Unreachable ? "offline" : "online" });
    context.fail("failed", error);
    return isUndecided(error) ? error : undefined;
  }
}

/** Whether the policy lets in who asks: this seat's user, or else a guest that has no key yet. */
function checkEntry({ room, hub, memory }: EngineContext, summary: RoomSummary): void {
  const policy = decode(roomPolicy, summary.policy);
  const user = memory.identity?.userUri ?? userUri(domainOf(room), "g-");
  demand(authorize(roomWithoutGroup(policy, room, hub), { kind: "fetchGroupInfo", user }));
}
