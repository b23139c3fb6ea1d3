import type { EngineContext } from "../context.js";

/**
 * Takes a failed or waiting message out of the timeline; it is not sent any more. One that was on its way may have arrived:
 * the event log says so before its epoch ends, and brings it back.
 */
export async function discard(context: EngineContext, id: string): Promise<void> {
  await context.step(async ({ outbox }) => {
    const record = outbox.find((waiting) => waiting.id === id);
    // What was left on the page when its seat was taken away stands nowhere else.
    const stays = record !== undefined || (await context.database.entry(id)) !== undefined;
    if (!stays) return { change: { entriesGone: [id] }, result: undefined };
    if (!record) return { result: undefined };
    const outboxChange =
      record.sealed || record.former?.length
        ? ({ outbox: [{ ...record, state: "discarded" }] } as const)
        : ({ outboxGone: [id] } as const);
    return { change: { ...outboxChange, entriesGone: [id] }, result: undefined };
  });
}
