import { equalBytes } from "../../src/codec/bytes.js";
import { COMMIT_REFUSAL_LABEL, type CommitRefusal, commitRefusalTBS } from "../../src/codec/commit-refusal.js";
import { encode } from "../../src/codec/tls.js";
import { verifyWithLabel } from "../../src/mls/signing.js";
import { Refusal } from "../refusal.js";
import type { Client } from "../store/clients.js";
import { findByHash } from "../store/events.js";
import type { ProvisionalCommit } from "../store/provisional-commits.js";
import { standingOf } from "../store/seats.js";
import type { Hub } from "./hub.js";
import type { LiveRoom } from "./live-room.js";
import { isLapsed } from "./provisional.js";
import type { CommitOutcome } from "./refusals.js";
import { rollBack } from "./roll-back.js";

const SHA256_OCTETS = 32;
/** A code names an error or a rule of the policy; it is no text. */
const REFUSAL_CODE = /^[\w./-]{1,64}$/u;

/**
 * A member cannot follow a commit. Resolves with what became of it: at once when that is decided, else when another member
 * has followed it, when every connected one has refused, or after a while.
 */
export async function refuseCommit(
  hub: Hub,
  client: Client,
  uri: string,
  refusal: CommitRefusal,
): Promise<CommitOutcome> {
  const { commitHash, code } = refusal;
  if (commitHash.length !== SHA256_OCTETS) throw new Refusal("malformed", "commitHash: not 32 octets");
  if (!REFUSAL_CODE.test(code)) throw new Refusal("malformed", "code: not a code");
  const { outcome, commit } = await hub.rooms.changeExisting(uri, async (room) => {
    const commit = room.provisional.find(({ messageHash }) => equalBytes(messageHash, commitHash));
    // one that others have refused in time is decided as one
    const isDecided = commit === undefined || (isLapsed(hub, commit) && !hub.refusals.isOpen(uri, commit.cursor));
    if (isDecided) {
      return { outcome: await decidedOutcome(hub, room, client, commitHash), commit: undefined };
    }
    await checkRefusal(room, commit, client, refusal);
    hub.metrics.commitRefusals.inc();
    hub.log.info({ room: uri, cursor: commit.cursor, code }, "commit refused");
    const due = () => void decide(hub, uri, commit);
    if (!hub.refusals.isOpen(uri, commit.cursor)) hub.asking.everybody(uri, commit);
    return { outcome: { waited: hub.refusals.add(uri, commit.cursor, client.clientUri, due) }, commit };
  });
  if (typeof outcome === "string") return outcome;
  if (commit !== undefined && nobodyElseMaySpeak(hub, uri, commit)) void decide(hub, uri, commit);
  return await outcome.waited;
}

/** What is said of a commit that is not provisional. Throws Refusal. */
async function decidedOutcome(
  hub: Hub,
  room: LiveRoom,
  { clientUri }: Client,
  commitHash: Uint8Array,
): Promise<CommitOutcome> {
  if ((await findByHash(hub.store, room.id, commitHash)) === undefined) return "rolledBack";
  if ((await standingOf(hub.store, room.id, clientUri)) === "none")
    throw new Refusal("notSeated", "no seat in this room");
  return "acknowledged";
}

/** Throws Refusal for a refusal by somebody who may not speak for the commit, or that is not signed by its sender. */
async function checkRefusal(
  { group }: LiveRoom,
  commit: ProvisionalCommit,
  client: Client,
  { commitHash, code, signature }: CommitRefusal,
): Promise<void> {
  if (group === undefined) throw new Refusal("noGroup", "the room has no group");
  const key = commit.speakers.get(client.clientUri);
  if (key === undefined) {
    throw new Refusal("notAllowed", "this client may not speak for the commit", { rule: "hub/no-say" });
  }
  const { groupId } = group.view;
  const signed = encode(commitRefusalTBS, { groupId, epoch: BigInt(commit.endedEpoch), commitHash, code });
  if (await verifyWithLabel(key, COMMIT_REFUSAL_LABEL, signed, signature)) return;
  throw new Refusal("invalidRefusal", "signature: not by the client's leaf key of the epoch before the commit");
}

/** Whether every connected client that may speak for the commit has refused it. */
function nobodyElseMaySpeak({ fanOut, refusals }: Hub, uri: string, { cursor, speakers }: ProvisionalCommit): boolean {
  return [...fanOut.followers(uri)].every(
    ({ clientUri }) => !speakers.has(clientUri) || refusals.has(uri, cursor, clientUri),
  );
}

/** Takes the commit back, unless somebody has followed it by now. */
async function decide(hub: Hub, uri: string, { cursor, messageHash }: ProvisionalCommit): Promise<void> {
  try {
    await hub.rooms.change(uri, async (room) => {
      const commit = room?.provisional.find((each) => each.cursor === cursor);
      // whatever settled it in the meantime has answered those who wait
      if (room === undefined || commit === undefined || !equalBytes(commit.messageHash, messageHash)) return;
      await rollBack(hub, room, commit);
    });
  } catch (error) {
    hub.refusals.fail(uri, cursor, error);
    if (!hub.health.note(error)) hub.log.error({ err: error, room: uri, cursor }, "rolling back failed");
  }
}
