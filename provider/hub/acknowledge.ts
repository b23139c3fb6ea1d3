import { equalBytes } from "../../src/codec/bytes.js";
import { messageHashAt } from "../store/events.js";
import type { Hub } from "./hub.js";
import type { Place } from "./place.js";
import { settle, storeSettling, tellSettling } from "./provisional.js";

/**
 * A client says that it follows the room up to an event. That counts for every provisional event up to there that it may speak for;
 * a word about another log, or of somebody who has none to say, counts for nothing.
 */
export async function acknowledge(
  hub: Hub,
  clientUri: string,
  uri: string,
  { after: upTo, hash }: Place,
): Promise<void> {
  const known = await hub.rooms.find(uri);
  if (!known?.provisional.some(({ speakers }) => speakers.has(clientUri))) return;
  await hub.rooms.change(uri, async (room) => {
    if (room === undefined || hash === undefined) return;
    const settling = settle(hub, room, {
      word: { speaker: clientUri, follows: ({ cursor }) => cursor <= upTo },
    });
    if (settling.taken.length === 0) return;
    const logged = await messageHashAt(hub.store, { roomId: room.id, clientUri }, upTo);
    if (logged === undefined || !equalBytes(logged, hash)) return;
    await hub.store.transaction().execute((tx) => storeSettling(tx, room.id, settling));
    hub.rooms.keep({ ...room, provisional: settling.left });
    tellSettling(hub, uri, settling);
  });
}
