import { insertBar } from "../store/bars.js";
import { type ProvisionalEvent, takeBack } from "../store/provisional-events.js";
import type { Hub } from "./hub.js";
import type { LiveRoom } from "./live-room.js";

/**
 * Takes a provisional event back, with all that was built on it: the room is as it was, its streams are closed, and the author's
 * user is barred for a while. The caller holds the room's lock.
 */
export async function rollBack(hub: Hub, room: LiveRoom, event: ProvisionalEvent): Promise<void> {
  const { uri, id, lastCursor, provisional } = room;
  const { cursor, author } = event;
  await hub.store.transaction().execute(async (tx) => {
    await takeBack(tx, id, cursor);
    await insertBar(tx, id, author.userUri, hub.clock.now() + hub.config.limits.barMs);
  });
  // what is in memory is of the log that is gone; whoever comes next reads the store
  hub.rooms.drop(uri);
  hub.fanOut.diverge(uri);
  const gone = provisional.filter((each) => each.cursor >= cursor);
  for (const each of gone) {
    hub.asking.end(uri, each.cursor);
    hub.refusals.end(uri, each.cursor, "rolledBack");
  }
  hub.metrics.provisional.inc({ outcome: "rolledBack" }, gone.length);
  hub.log.warn({ room: uri, cursor, events: lastCursor - cursor + 1, user: author.userUri }, "event rolled back");
}
