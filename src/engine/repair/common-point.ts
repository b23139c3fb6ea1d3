import type { CursorRecord, EntryRecord } from "../../storage/records.js";
import { ProviderRefusal } from "../../transport/provider-refusal.js";
import type { EngineContext } from "../context.js";
import { sha256 } from "../sha256.js";

/** How many lines are looked at first; as many again and again as the search goes on. */
const FIRST_LOOK = 8;

/** Nothing is known to be in common. */
const NOWHERE: CursorRecord = { cursor: 0, hash: "" };

/**
 * The last place known to stand in the hub's log as it stands in this client's. What was read ends in the cursor; below it
 * the lines of the timeline remember which event they came by. Both logs are the same up to some place and differ above it,
 * so doubling steps and halves find it in O(log n) requests.
 */
export async function findCommonPoint(context: EngineContext): Promise<CursorRecord> {
  const { cursor, hash } = context.memory.log;
  const log = { cursor, hash };
  if (await stands(context, log)) return log;
  for (let look = FIRST_LOOK; ; look *= 2) {
    const lines = await context.database.entriesBefore(log.cursor + 1, look);
    const places = placesOf(lines);
    const lowest = places[0];
    if (lowest && (await eventAt(context, lowest))) return highest(context, places, lowest);
    if (lines.length < look) return NOWHERE;
  }
}

/** Whether the hub's log goes as far as `log`, and has that event there. */
export async function stands(context: EngineContext, log: CursorRecord): Promise<boolean> {
  return (await asked(context, log)) !== undefined;
}

/** The highest of `places` that stands; the first does. */
async function highest(
  context: EngineContext,
  places: readonly CursorRecord[],
  first: CursorRecord,
): Promise<CursorRecord> {
  let found = first;
  let low = 0;
  let high = places.length;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const place = places[middle];
    if (place && (await eventAt(context, place))) {
      found = place;
      low = middle;
    } else high = middle;
  }
  return found;
}

/** The places that `lines` came by, ascending, each once. */
function placesOf(lines: readonly EntryRecord[]): CursorRecord[] {
  const places: CursorRecord[] = [];
  for (const { order, hash, stray } of lines) {
    const cursor = Math.floor(order);
    if (hash && !stray && places.at(-1)?.cursor !== cursor) places.push({ cursor, hash });
  }
  return places;
}

/** The hub's event (an MLSMessage) at a place, if it is the one that this client knows. */
export async function eventAt(context: EngineContext, { cursor, hash }: CursorRecord): Promise<Uint8Array | undefined> {
  const page = await asked(context, { cursor: cursor - 1, hash: "" });
  const event = page?.events[0];
  if (!event || Number(event.cursor) !== cursor) return undefined;
  return (await sha256(event.message)) === hash ? event.message : undefined;
}

/** What comes after a place; undefined when the hub does not know the place, or this client. */
async function asked({ access, provider, room }: EngineContext, place: CursorRecord) {
  try {
    return await access.with((token) => provider.events(token, room, place.cursor, 1, place.hash));
  } catch (error) {
    const unknown = error instanceof ProviderRefusal && (error.code === "logDiverged" || error.code === "notSeated");
    if (unknown) return undefined;
    throw error;
  }
}
