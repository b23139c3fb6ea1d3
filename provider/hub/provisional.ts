import type { CommitView } from "../../src/codec/group-view.js";
import type { Client } from "../store/clients.js";
import type { NewEvent } from "../store/events.js";
import { forgetProvisional, type ProvisionalCommit } from "../store/provisional-commits.js";
import type { Store } from "../store/schema.js";
import type { Hub } from "./hub.js";
import type { LiveRoom } from "./live-room.js";

/** What a step lets stand of a room's provisional commits, and what it leaves. */
export interface Settling {
  /** Those that a member has taken. */
  readonly taken: readonly ProvisionalCommit[];
  /** Those that stand without anybody's word: too old, or too many are on top of them. */
  readonly lapsed: readonly ProvisionalCommit[];
  readonly left: readonly ProvisionalCommit[];
}

/**
 * A commit that was just accepted, as a provisional one; undefined when nobody may speak for it. May speak: who is seated before
 * it and after, and is not its committer. Whom it removes can follow nothing after it, and would have a veto against being removed.
 */
export function provisionalCommit(
  { before, after }: CommitView,
  committer: Client,
  { cursor, acceptedAt, messageHash }: NewEvent,
): ProvisionalCommit | undefined {
  const stay = new Set(after.members.map(({ clientUri }) => clientUri));
  const speakers = new Map(
    before.members
      .filter(({ clientUri }) => stay.has(clientUri) && clientUri !== committer.clientUri)
      .map(({ clientUri, signatureKey }) => [clientUri, signatureKey]),
  );
  if (speakers.size === 0) return undefined;
  return { cursor, acceptedAt, messageHash, endedEpoch: Number(before.epoch), committer, speakers };
}

/** Whether a commit has been provisional for so long that it stands. */
export function isLapsed({ clock, config }: Hub, { acceptedAt }: ProvisionalCommit): boolean {
  return clock.now() - acceptedAt >= config.limits.provisionalMs;
}

/**
 * What stands when the client `speaker` has followed the room up to the event `upTo`.
 *
 * @param begun A commit that becomes provisional in the same step.
 */
export function settle(
  hub: Hub,
  { provisional }: LiveRoom,
  {
    speaker,
    upTo,
    begun,
  }: { readonly speaker?: string | undefined; readonly upTo?: number; readonly begun?: ProvisionalCommit | undefined },
): Settling {
  const taken: ProvisionalCommit[] = [];
  const lapsed: ProvisionalCommit[] = [];
  const left: ProvisionalCommit[] = [];
  for (const commit of provisional) {
    if (speaker !== undefined && commit.speakers.has(speaker) && commit.cursor <= (upTo ?? commit.cursor))
      taken.push(commit);
    else if (isLapsed(hub, commit)) lapsed.push(commit);
    else left.push(commit);
  }
  if (begun !== undefined) left.push(begun);
  const surplus = Math.max(0, left.length - hub.config.limits.provisionalCommits);
  return { taken, lapsed: [...lapsed, ...left.slice(0, surplus)], left: left.slice(surplus) };
}

/** Writes what stands, in the caller's transaction. */
export async function storeSettling(store: Store, roomId: number, { taken, lapsed }: Settling): Promise<void> {
  await forgetProvisional(
    store,
    roomId,
    [...taken, ...lapsed].map(({ cursor }) => cursor),
  );
}

/** Tells those who wait for a word about these commits, once it is durable that they stand. */
export function tellSettling(hub: Hub, uri: string, { taken, lapsed }: Settling): void {
  for (const { cursor } of [...taken, ...lapsed]) {
    hub.asking.end(uri, cursor);
    hub.refusals.end(uri, cursor, "acknowledged");
  }
  hub.metrics.commits.inc({ outcome: "acknowledged" }, taken.length);
  hub.metrics.commits.inc({ outcome: "lapsed" }, lapsed.length);
}
