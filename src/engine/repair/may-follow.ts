import { equalBytes } from "../../codec/bytes.js";
import type { GroupView } from "../../codec/group-view.js";
import type { EntryRecord } from "../../storage/records.js";
import { problem } from "../engine-problem.js";

/** What is known of the group that the hub has lost. */
export interface LostGroup {
  readonly view: GroupView;
  /** The epoch at the last place in common, where it is known and of this group. */
  readonly commonEpoch: bigint | undefined;
  /** What was read above that place. */
  readonly lines: readonly EntryRecord[];
  /** The own client where the group itself goes on: it is there still, unless somebody has taken it out. */
  readonly own: string | undefined;
}

/**
 * Throws EngineProblem `outOfSync` unless this client may follow the hub into `next` without asking anybody. A hub that
 * goes back undoes what was decided since: who comes along unasked sends its words to whoever is there again. So the policy must
 * be the one that was in force, to the octet, and nobody is in the group who was seen to be removed. Nor comes back unasked who
 * was removed by what it could not read.
 */
export function demandFollowable({ view, commonEpoch, lines, own }: LostGroup, next: GroupView): void {
  if (!equalBytes(next.roomPolicy, view.roomPolicy)) {
    throw problem("outOfSync", "The hub went back to another policy.");
  }
  if (commonEpoch !== undefined && commonEpoch > view.epoch) {
    throw problem("outOfSync", "This client refused a commit that the hub still has.");
  }
  if (commonEpoch !== undefined && equalBytes(next.groupId, view.groupId) && next.epoch < commonEpoch) {
    throw problem("outOfSync", "The hub shows an epoch that is over.");
  }
  if (own !== undefined && !next.members.some(({ clientUri }) => clientUri === own)) {
    throw problem("outOfSync", "Somebody has taken this client out.");
  }
  const present = new Set(view.members.map(({ userUri }) => userUri));
  const removed = new Set(
    lines.filter(({ content }) => content.kind === "removed").map(({ sender }) => sender.userUri),
  );
  if (next.members.some(({ userUri }) => removed.has(userUri) && !present.has(userUri))) {
    throw problem("outOfSync", "Somebody who was removed is in again.");
  }
}
