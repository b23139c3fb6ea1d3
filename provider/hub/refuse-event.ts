import { equalBytes } from "../../src/codec/bytes.js";
import { EVENT_REFUSAL_LABEL, type EventRefusal, eventRefusalTBS } from "../../src/codec/event-refusal.js";
import { encode } from "../../src/codec/tls.js";
import { verifyWithLabel } from "../../src/mls/signing.js";
import { Refusal } from "../refusal.js";
import type { Client } from "../store/clients.js";
import { findByHash } from "../store/events.js";
import type { ProvisionalEvent } from "../store/provisional-events.js";
import { isSeatedSince, standingOf } from "../store/seats.js";
import type { Hub } from "./hub.js";
import type { LiveRoom } from "./live-room.js";
import { isLapsed } from "./provisional.js";
import type { EventOutcome } from "./refusals.js";
import { rollBack } from "./roll-back.js";

const SHA256_OCTETS = 32;
/** A code names an error or a rule of the policy; it is no text. */
const REFUSAL_CODE = /^[\w./-]{1,64}$/u;

/**
 * A member cannot follow an event. Resolves with what became of it: at once when that is decided, else when another member
 * has followed it, when every connected one has refused, or after a while.
 */
export async function refuseEvent(hub: Hub, client: Client, uri: string, refusal: EventRefusal): Promise<EventOutcome> {
  const { eventHash, code } = refusal;
  if (eventHash.length !== SHA256_OCTETS) throw new Refusal("malformed", "eventHash: not 32 octets");
  if (!REFUSAL_CODE.test(code)) throw new Refusal("malformed", "code: not a code");
  const { outcome, event } = await hub.rooms.changeExisting(uri, async (room) => {
    const event = room.provisional.find(({ messageHash }) => equalBytes(messageHash, eventHash));
    // one that others have refused in time is decided as one
    const isDecided = event === undefined || (isLapsed(hub, event) && !hub.refusals.isOpen(uri, event.cursor));
    if (isDecided) {
      return { outcome: await decidedOutcome(hub, room, client, eventHash), event: undefined };
    }
    await checkRefusal(hub, room, event, client, refusal);
    hub.metrics.eventRefusals.inc();
    hub.log.info({ room: uri, cursor: event.cursor, code }, "event refused");
    const due = () => void decide(hub, uri, event);
    if (!hub.refusals.isOpen(uri, event.cursor)) hub.asking.everybody(uri, event);
    return { outcome: { waited: hub.refusals.add(uri, event.cursor, client.clientUri, due) }, event };
  });
  if (typeof outcome === "string") return outcome;
  if (event !== undefined && nobodyElseMaySpeak(hub, uri, event)) void decide(hub, uri, event);
  return await outcome.waited;
}

/** What is said of an event that is not provisional. Throws Refusal. */
async function decidedOutcome(
  hub: Hub,
  room: LiveRoom,
  { clientUri }: Client,
  eventHash: Uint8Array,
): Promise<EventOutcome> {
  if ((await findByHash(hub.store, room.id, eventHash)) === undefined) return "rolledBack";
  if ((await standingOf(hub.store, room.id, clientUri)) === "none")
    throw new Refusal("notSeated", "no seat in this room");
  return "acknowledged";
}

/** Throws Refusal for a refusal by somebody who may not speak for the event, or that is not signed by its sender. */
async function checkRefusal(
  { store }: Hub,
  { id, group }: LiveRoom,
  event: ProvisionalEvent,
  client: Client,
  { eventHash, code, signature }: EventRefusal,
): Promise<void> {
  if (group === undefined) throw new Refusal("noGroup", "the room has no group");
  const key = event.speakers.get(client.clientUri);
  // who was removed since would undo its removal with the event
  if (key === undefined || !(await isSeatedSince(store, id, client.clientUri, event.cursor))) {
    throw new Refusal("notAllowed", "this client may not speak for the event", { rule: "hub/no-say" });
  }
  const { groupId } = group.view;
  const signed = encode(eventRefusalTBS, { groupId, epoch: BigInt(event.epoch), eventHash, code });
  if (await verifyWithLabel(key, EVENT_REFUSAL_LABEL, signed, signature)) return;
  throw new Refusal("invalidRefusal", "signature: not by the client's leaf key of the event's epoch");
}

/** Whether every connected client that may speak for the event has refused it. */
function nobodyElseMaySpeak({ fanOut, refusals }: Hub, uri: string, { cursor, speakers }: ProvisionalEvent): boolean {
  return [...fanOut.followers(uri)].every(
    ({ clientUri }) => !speakers.has(clientUri) || refusals.has(uri, cursor, clientUri),
  );
}

/** Takes the event back, unless somebody has followed it by now. */
async function decide(hub: Hub, uri: string, { cursor, messageHash }: ProvisionalEvent): Promise<void> {
  try {
    await hub.rooms.change(uri, async (room) => {
      const event = room?.provisional.find((each) => each.cursor === cursor);
      // whatever settled it in the meantime has answered those who wait
      if (room === undefined || event === undefined || !equalBytes(event.messageHash, messageHash)) return;
      // whoever refused it has been removed meanwhile
      if (!hub.refusals.isOpen(uri, cursor)) return;
      await rollBack(hub, room, event);
    });
  } catch (error) {
    hub.refusals.fail(uri, cursor, error);
    if (!hub.health.note(error)) hub.log.error({ err: error, room: uri, cursor }, "rolling back failed");
  }
}
