import { equalBytes } from "../../src/codec/bytes.js";
import type { StartGroupRequest } from "../../src/codec/hub-messages.js";
import { authorize } from "../../src/policy/authorize.js";
import { Refusal } from "../refusal.js";
import type { Client } from "../store/clients.js";
import { insertGroup } from "../store/rooms.js";
import { seat } from "../store/seats.js";
import type { Started } from "./create-room.js";
import type { Hub } from "./hub.js";
import { liveGroup, withGroup } from "./live-room.js";
import { demand } from "./mls-refusal.js";
import { openOfferedGroup } from "./offered-group.js";

/**
 * Starts a new group in a persistent room that has none, under the retained policy "byte for byte" (resolutions, 5.1).
 * A repeated request is answered as the first.
 *
 * @param hash SHA-256 of the request.
 */
export async function startGroup(
  hub: Hub,
  client: Client,
  uri: string,
  request: StartGroupRequest,
  hash: Uint8Array,
): Promise<Started> {
  return await hub.rooms.changeExisting(uri, async (room) => {
    if (room.group !== undefined) {
      if (equalBytes(room.startHash, hash)) return { room: uri, cursor: room.startCursor, epoch: 0 };
      throw new Refusal("groupExists", "the room has a group", { currentEpoch: room.group.view.epoch });
    }
    const offered = await openOfferedGroup(hub, client, request);
    if (offered.room !== uri) throw new Refusal("invalidGroupInfo", "the group ID names another room");
    const { view } = offered;
    demand(
      authorize(room.state, { kind: "startGroup", user: client.userUri, group: view, retained: room.policyBytes }),
    );

    const cursor = room.lastCursor;
    await hub.store.transaction().execute(async (tx) => {
      if (!(await insertGroup(tx, room.id, { group: offered.stored, hash, cursor }))) {
        throw new Refusal("groupExists", "the room has a group");
      }
      await seat(tx, room.id, [client.clientUri], cursor + 1);
    });
    const group = liveGroup({ ...offered, ...request, pending: [] });
    hub.rooms.keep(
      withGroup({ ...room, startHash: hash, startCursor: cursor }, view.roomPolicy, group, hub.identity.uri),
    );
    hub.log.info({ room: uri }, "group started");
    return { room: uri, cursor, epoch: 0 };
  });
}
