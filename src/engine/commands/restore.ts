import { canonicalMimiUri } from "../../codec/mimi-uri.js";
import type { EngineContext } from "../context.js";
import { EngineProblem } from "../engine-problem.js";
import { makeIdentity } from "../identity.js";
import { openKit } from "../kit.js";
import { importUserKey } from "../user-key.js";
import { leave } from "./leave.js";
import { preview } from "./preview.js";

/**
 * Takes over the user key of a recovery kit: from now on this browser joins as that user. A seat that another user has here
 * is left first. Throws EngineProblem `invalidKit`.
 */
export async function restore(context: EngineContext, document: string, passphrase: string): Promise<void> {
  const kit = await openKit(document, passphrase);
  if (kit.room !== context.room) throw invalid("The kit is another room's.");
  const userKeyPair = await importUserKey(kit.key);
  const identity = await makeIdentity({ room: kit.room, random: context.ports.random, userKeyPair, recoverable: true });
  if (identity.userUri !== canonicalMimiUri(kit.userUri)) throw invalid("The kit's key is not its user's.");
  for (let taken = false; !taken; ) {
    if (context.memory.identity?.userUri === identity.userUri && context.memory.seat) return;
    if (context.memory.seat) await leave(context);
    taken = await context.step(async ({ seat }) =>
      // A join that was under way may have taken the seat just now.
      seat
        ? { result: false }
        : {
            // What is under way was staged by the key before.
            change: { identity, pending: null },
            situation: { phase: "loading", problem: undefined },
            result: true,
          },
    );
  }
  // Whom the room lets in depends on who asks.
  await preview(context);
}

function invalid(detail: string): EngineProblem {
  return new EngineProblem({ code: "invalidKit", detail, retry: false });
}
