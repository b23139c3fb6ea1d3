import type { Limits } from "../config.js";
import { forgetEndedBars } from "./bars.js";
import { forgetExpired } from "./clients.js";
import { forgetLapsed } from "./provisional-events.js";
import type { Store } from "./schema.js";

/** Deletes what has come to its end by itself. */
export async function sweep(store: Store, now: number, { provisionalMs }: Limits): Promise<void> {
  await forgetExpired(store, now);
  await forgetEndedBars(store, now);
  // a decision that was under way at the end of its time still finds what stood before
  await forgetLapsed(store, now - 2 * provisionalMs);
}
