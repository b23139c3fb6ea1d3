import type { TimelineEntry } from "../../worker/engine-api.js";
import type { EngineContext } from "../context.js";
import { toEntry } from "../timeline.js";

/** One answer is never longer. */
const MOST = 500;

/** Entries with an order below `before`, oldest first, the latest `limit` of them. */
export async function older(context: EngineContext, before: number, limit: number): Promise<TimelineEntry[]> {
  const records = await context.database.entriesBefore(before, Math.min(limit, MOST));
  return records.map((record) => toEntry(record, context.situation.sending));
}
