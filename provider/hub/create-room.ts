import { equalBytes } from "../../src/codec/bytes.js";
import type { CreateRoomRequest } from "../../src/codec/hub-messages.js";
import { domainOf } from "../../src/codec/mimi-uri.js";
import { authorize } from "../../src/policy/authorize.js";
import { checkOrigins } from "../origins.js";
import { Refusal } from "../refusal.js";
import type { Client } from "../store/clients.js";
import { countRooms, insertRoom } from "../store/rooms.js";
import { seat } from "../store/seats.js";
import type { Hub } from "./hub.js";
import { liveGroup, withGroup } from "./live-room.js";
import { demand, refusing } from "./mls-refusal.js";
import { openOfferedGroup } from "./offered-group.js";

const MAX_ROOM_URI = 1000;

/** What a room's or a group's creator is told. */
export interface Started {
  readonly room: string;
  readonly cursor: number;
  readonly epoch: number;
}

/**
 * Makes a room with its first group (framework draft, 5.1): the group ID names the room. A repeated request is
 * answered as the first.
 *
 * @param hash SHA-256 of the request.
 */
export async function createRoom(
  hub: Hub,
  client: Client,
  request: CreateRoomRequest,
  hash: Uint8Array,
): Promise<Started> {
  const offered = await openOfferedGroup(hub, client, request);
  const { room: uri, view } = offered;
  // every event names its room
  if (uri.length > MAX_ROOM_URI) throw new Refusal("tooLarge", `a room's URI of more than ${MAX_ROOM_URI} characters`);
  if (domainOf(uri) !== hub.identity.domain) throw new Refusal("invalidGroupInfo", "the room is another provider's");
  const origins = checkOrigins(request.origins, hub.config.limits.originsPerRoom);

  return await hub.rooms.change(uri, async (existing) => {
    if (existing !== undefined) {
      if (equalBytes(existing.startHash, hash)) return { room: uri, cursor: existing.startCursor, epoch: 0 };
      throw new Refusal("roomExists", "the room is there already");
    }
    const group = liveGroup({ ...offered, ...request, pending: [] });
    const base = { uri, origins, lastCursor: 0, startHash: hash, startCursor: 0 };
    const fresh = { ...base, id: 0, provisional: [], bars: new Map<string, number>() };
    const room = await refusing("invalidPolicy", undefined, () =>
      withGroup(fresh, view.roomPolicy, group, hub.identity.uri),
    );
    const decision = authorize(room.state, { kind: "createRoom", user: client.userUri, policy: room.state.policy });
    demand(decision, !decision.allowed && decision.rule.startsWith("valid/") ? "invalidPolicy" : "notAllowed");

    if ((await countRooms(hub.store)) >= hub.config.limits.rooms)
      throw new Refusal("unavailable", "no room for more rooms");
    const id = await hub.store.transaction().execute(async (tx) => {
      const id = await insertRoom(tx, {
        ...base,
        policy: view.roomPolicy,
        group: offered.stored,
        createdAt: hub.clock.now(),
      });
      await seat(tx, id, [client.clientUri], 1);
      return id;
    });
    hub.rooms.keep({ ...room, id });
    hub.log.info({ room: uri }, "room created");
    return { room: uri, cursor: 0, epoch: 0 };
  });
}
