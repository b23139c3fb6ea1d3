import { equalBytes } from "../../src/codec/bytes.js";
import type { SubmitMessageRequest } from "../../src/codec/hub-messages.js";
import { canonicalMimiUri } from "../../src/codec/mimi-uri.js";
import { peekMessage } from "../../src/mls/peek.js";
import { authorize } from "../../src/policy/authorize.js";
import { sha256 } from "../digest.js";
import { Refusal } from "../refusal.js";
import type { Client } from "../store/clients.js";
import { appendEvent, findByHash } from "../store/events.js";
import type { ProvisionalEvent } from "../store/provisional-events.js";
import type { Accepted, Hub } from "./hub.js";
import type { LiveRoom } from "./live-room.js";
import { demand, refusing } from "./mls-refusal.js";
import { settle, storeSettling, tellSettling } from "./provisional.js";

/** Accepts a PrivateMessage of the current epoch and tells everybody in the room. */
export async function submitMessage(
  hub: Hub,
  client: Client,
  uri: string,
  request: SubmitMessageRequest,
): Promise<Accepted> {
  const message = request.appMessage;
  const messageHash = await sha256(message);
  return await hub.rooms.changeExisting(uri, async (room) => {
    // "a repeated body is answered by its hash before any check"
    const repeated = await findByHash(hub.store, room.id, messageHash);
    if (repeated !== undefined) return acceptedAs(repeated);

    const epoch = await checkMessage(client, room, request);
    const event = {
      cursor: room.lastCursor + 1,
      acceptedAt: hub.clock.now(),
      epoch: Number(epoch),
      message,
      externalPub: new Uint8Array(),
    };
    // who speaks in an epoch follows the commit that began it, and need not have read the proposals in it
    const word = { speaker: client.clientUri, follows: (provisional: ProvisionalEvent) => provisional.epoch < epoch };
    const settling = settle(hub, room, { word });
    await hub.store.transaction().execute(async (tx) => {
      await appendEvent(tx, room.id, { ...event, messageHash });
      await storeSettling(tx, room.id, settling);
    });
    hub.rooms.keep({ ...room, lastCursor: event.cursor, provisional: settling.left });
    hub.fanOut.publish(uri, event);
    tellSettling(hub, uri, settling);
    hub.metrics.events.inc({ kind: "message" });
    return acceptedAs(event);
  });
}

/** What was answered, or is to be, for an event in the log. */
export function acceptedAs(event: { cursor: number; acceptedAt: number; epoch: number }): Accepted {
  return { acceptedTimestamp: event.acceptedAt, cursor: event.cursor, epoch: event.epoch };
}

async function checkMessage(client: Client, room: LiveRoom, request: SubmitMessageRequest): Promise<bigint> {
  const { group } = room;
  if (group === undefined) throw new Refusal("noGroup", "the room has no group");
  if (!group.seated.has(client.clientUri)) throw new Refusal("notSeated", "no seat in this room");
  const [peeked, sender] = await refusing("malformed", undefined, () =>
    Promise.all([peekMessage(request.appMessage), canonicalMimiUri(request.sendingUri)]),
  );
  if (peeked.wireFormat !== "privateMessage" || peeked.contentType !== "application") {
    throw new Refusal("malformed", "appMessage: not a PrivateMessage with application data");
  }
  if (sender !== client.userUri) throw new Refusal("malformed", "sendingUri: not the user of this token");
  const currentEpoch = group.view.epoch;
  if (!equalBytes(peeked.groupId, group.view.groupId)) {
    throw new Refusal("epochTooOld", "the room has another group now", { currentEpoch });
  }
  if (peeked.epoch !== currentEpoch) {
    const code = peeked.epoch < currentEpoch ? "epochTooOld" : "wrongEpoch";
    throw new Refusal(code, `the group is at epoch ${currentEpoch}`, { currentEpoch });
  }
  demand(authorize(room.state, { kind: "sendMessage", user: client.userUri }));
  return currentEpoch;
}
