import { authorize } from "../../src/policy/authorize.js";
import { Refusal } from "../refusal.js";
import type { Client } from "../store/clients.js";
import { deleteRoom, removeGroup } from "../store/rooms.js";
import { standingOf, unseat } from "../store/seats.js";
import type { Hub } from "./hub.js";
import { withGroup } from "./live-room.js";
import { demand } from "./mls-refusal.js";
import { tellSettling } from "./provisional.js";

/**
 * The last member ends the group: a persistent room keeps its policy and waits for a new group, a temporary one is gone
 * with all that it had. Repeating it changes nothing.
 */
export async function closeGroup(hub: Hub, client: Client, uri: string): Promise<void> {
  await hub.rooms.changeExisting(uri, async (room) => {
    const { group } = room;
    if (group === undefined) {
      if ((await standingOf(hub.store, room.id, client.clientUri)) === "ended") return;
      throw new Refusal("noGroup", "the room has no group");
    }
    if (!group.seated.has(client.clientUri)) throw new Refusal("notSeated", "no seat in this room");
    demand(authorize(room.state, { kind: "closeGroup", client: client.clientUri }));

    // there is nothing left to go back to
    const settling = { taken: [], lapsed: room.provisional, left: [] };
    const persistent = room.state.policy.persistentRoom;
    await hub.store.transaction().execute(async (tx) => {
      if (!persistent) return await deleteRoom(tx, room.id);
      await removeGroup(tx, room.id);
      await unseat(tx, room.id, [...group.seated], room.lastCursor);
    });
    const closed = { ...room, provisional: [] };
    if (persistent) hub.rooms.keep(withGroup(closed, room.policyBytes, undefined, hub.identity.uri));
    else hub.rooms.drop(uri);
    tellSettling(hub, uri, settling);
    hub.fanOut.end(uri, [...group.seated]);
    if (!persistent) hub.fanOut.forget(uri);
    hub.log.info({ room: uri, persistent }, "group closed");
  });
}
