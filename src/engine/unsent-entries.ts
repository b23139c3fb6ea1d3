import type { Problem, TimelineEntry } from "../worker/engine-api.js";
import type { EngineContext } from "./context.js";
import type { Memory } from "./memory.js";
import { toEntry } from "./timeline.js";

/**
 * What waits to be sent as the page is told of it when the seat is taken away, with the problem that took it: it will not be sent, and
 * stays to be copied until the page goes. Asked before the seat is deleted. Throws what the storage throws.
 */
export async function unsentEntries(
  { database }: Pick<EngineContext, "database">,
  { outbox }: Memory,
  why: Problem,
): Promise<TimelineEntry[]> {
  const waiting = outbox.filter(({ state }) => state === "waiting");
  const lines = await Promise.all(waiting.map(({ id }) => database.entry(id)));
  const problem = { ...why, retry: false };
  return lines.flatMap((line) => (line ? [{ ...toEntry(line, undefined), status: "failed" as const, problem }] : []));
}
