import type { EngineEvent, TimelineEntry } from "./engine-api.js";

/** How much of the timeline is told at a time. */
const RETOLD = 100;
/** How often more is told, when all of that was missed: what is further back the page loads when it is wanted. */
const MOST_RETOLD = 20;

/** Tells the end of the timeline anew, back to the order `known`, to pages that may have missed some of it. */
export async function retell(
  known: number,
  older: (before: number, limit: number) => Promise<TimelineEntry[]>,
  tell: (event: EngineEvent) => void,
): Promise<void> {
  let before = Number.MAX_SAFE_INTEGER;
  for (let time = 0; time < MOST_RETOLD; time++) {
    const entries = await older(before, RETOLD);
    if (entries.length > 0) tell({ type: "timeline", entries, gone: [] });
    before = entries[0]?.order ?? 0;
    if (entries.length < RETOLD || before <= known) return;
  }
}

/** The highest order among `known` and what was said for good in `entries`; infinite while nothing is known. */
export function newestOf(known: number, entries: readonly TimelineEntry[]): number {
  const orders = entries.filter(({ status }) => status === "sent").map(({ order }) => order);
  return orders.length === 0 ? known : Math.max(Number.isFinite(known) ? known : 0, ...orders);
}
