import type { EngineContext } from "../context.js";
import { withoutFailure } from "../timeline.js";

/** Sends a failed message again: same content, same message ID. Nothing when it does not wait or did not fail. */
export async function retry(context: EngineContext, id: string): Promise<void> {
  await context.step(async ({ outbox }) => {
    const record = outbox.find((waiting) => waiting.id === id && waiting.state === "failed");
    const entry = record && (await context.database.entry(id));
    if (!record || !entry) return { result: undefined };
    const again = { ...withoutFailure(entry), status: "waiting" } as const;
    // Whoever says so says it to those who are there now.
    const { audience: _, ...kept } = record;
    return { change: { outbox: [{ ...kept, state: "waiting" }], entries: [again] }, result: undefined };
  });
}
