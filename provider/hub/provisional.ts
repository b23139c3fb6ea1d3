import type { GroupView } from "../../src/codec/group-view.js";
import { Refusal } from "../refusal.js";
import type { Client } from "../store/clients.js";
import type { NewEvent } from "../store/events.js";
import { forgetProvisional, type ProvisionalEvent } from "../store/provisional-events.js";
import type { Store } from "../store/schema.js";
import type { Hub } from "./hub.js";
import type { LiveRoom } from "./live-room.js";

/** What a step lets stand of a room's provisional events, and what it leaves. */
export interface Settling {
  /** Those that a member has taken. */
  readonly taken: readonly ProvisionalEvent[];
  /** Those that stand without anybody's word: too old, or too many are on top of them. */
  readonly lapsed: readonly ProvisionalEvent[];
  readonly left: readonly ProvisionalEvent[];
}

/** A client's word: it follows these events. */
export interface Word {
  readonly speaker: string;
  follows(event: ProvisionalEvent): boolean;
}

/**
 * An event that was just accepted, as a provisional one; undefined when nobody may speak for it. May speak: who is seated before it,
 * and is not its author. Whom a commit removes can follow nothing after it, and would have a veto against being removed.
 *
 * @param after The group that it leads to, if it is a commit.
 */
export function provisionalEvent(
  author: Client,
  { cursor, acceptedAt, messageHash }: NewEvent,
  { members, epoch }: GroupView,
  after: GroupView | undefined,
): ProvisionalEvent | undefined {
  const staying = after && new Set(after.members.map(({ clientUri }) => clientUri));
  const speakers = new Map(
    members
      .filter(({ clientUri }) => clientUri !== author.clientUri && staying?.has(clientUri) !== false)
      .map(({ clientUri, signatureKey }) => [clientUri, signatureKey]),
  );
  if (speakers.size === 0) return undefined;
  return { cursor, acceptedAt, messageHash, epoch: Number(epoch), author, speakers };
}

/** Whether an event has been provisional for so long that it stands. */
export function isLapsed({ clock, config }: Hub, { acceptedAt }: ProvisionalEvent): boolean {
  return clock.now() - acceptedAt >= config.limits.provisionalMs;
}

/**
 * What stands with a client's word, if it has one to say.
 *
 * @param begun An event that becomes provisional in the same step.
 */
export function settle(
  hub: Hub,
  { provisional }: LiveRoom,
  { word, begun }: { readonly word?: Word | undefined; readonly begun?: ProvisionalEvent | undefined },
): Settling {
  const taken: ProvisionalEvent[] = [];
  const lapsed: ProvisionalEvent[] = [];
  const left: ProvisionalEvent[] = [];
  for (const event of provisional) {
    if (word !== undefined && event.speakers.has(word.speaker) && word.follows(event)) taken.push(event);
    else if (isLapsed(hub, event)) lapsed.push(event);
    else left.push(event);
  }
  if (begun !== undefined) left.push(begun);
  const surplus = Math.max(0, left.length - hub.config.limits.provisionalEvents);
  return { taken, lapsed: [...lapsed, ...left.slice(0, surplus)], left: left.slice(surplus) };
}

/** Throws Refusal for a step that would let an event stand which is refused, and not decided. */
export function checkSettling(hub: Hub, uri: string, { lapsed }: Settling): void {
  if (!lapsed.some((event) => !isLapsed(hub, event) && hub.refusals.isOpen(uri, event.cursor))) return;
  throw new Refusal("rateLimited", "an event that this would let stand is refused", { retryAfter: 1 });
}

/** Writes what stands, in the caller's transaction. */
export async function storeSettling(store: Store, roomId: number, { taken, lapsed }: Settling): Promise<void> {
  await forgetProvisional(
    store,
    roomId,
    [...taken, ...lapsed].map(({ cursor }) => cursor),
  );
}

/** Tells those who wait for a word about these events, once it is durable that they stand. */
export function tellSettling(hub: Hub, uri: string, { taken, lapsed }: Settling): void {
  for (const { cursor } of [...taken, ...lapsed]) {
    hub.asking.end(uri, cursor);
    hub.refusals.end(uri, cursor, "acknowledged");
  }
  hub.metrics.provisional.inc({ outcome: "acknowledged" }, taken.length);
  hub.metrics.provisional.inc({ outcome: "lapsed" }, lapsed.length);
}
