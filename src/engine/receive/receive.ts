import type { RoomEvent } from "../../codec/hub-messages.js";
import { MlsError } from "../../mls/mls-error.js";
import { peekMessage } from "../../mls/peek.js";
import { stage } from "../../mls/stage.js";
import type { EngineContext, Situation } from "../context.js";
import { isStorageFailure, problemOf } from "../engine-problem.js";
import { applyChange, type Change, joinChanges, type Memory, type SeatedGroup } from "../memory.js";
import { sentChange } from "../own-message.js";
import { settleByEvent } from "../settle-pending.js";
import { sha256 } from "../sha256.js";
import { momentOf } from "../timeline.js";
import { receiveApplication } from "./receive-application.js";
import { receiveCommit } from "./receive-commit.js";
import { receiveProposal } from "./receive-proposal.js";

/** An event on its way through the engine. */
export interface Incoming {
  readonly cursor: number;
  /** Milliseconds since 1970: accepted by the hub. */
  readonly time: number;
  /** An MLSMessage. */
  readonly message: Uint8Array;
  /** Its SHA-256 in hex. */
  readonly hash: string;
}

/**
 * Takes events of the room's log, in order, in one step: what they do to group, cursor and timeline is on disk together,
 * and told afterwards. A bad event is a fault and changes nothing but the cursor; it never stops those after it.
 */
export async function receive(context: EngineContext, events: readonly RoomEvent[]): Promise<void> {
  await context.step(async (before) => {
    let memory = before;
    let whole: Change = {};
    let situation: Partial<Situation> = {};
    for (const event of events) {
      if (!memory.seat || memory.log.astray) break;
      const cursor = Number(event.cursor);
      if (cursor <= memory.log.cursor) continue;
      const { message } = event;
      const incoming = { cursor, time: momentOf(event.timestamp), message, hash: await sha256(message) };
      const verdict = await judge(context, memory, memory.seat, whole, incoming);
      const change = { ...verdict.change, log: { cursor, hash: incoming.hash } };
      memory = applyChange(memory, change);
      whole = joinChanges(whole, change);
      situation = { ...situation, ...verdict.situation };
    }
    return { change: whole, situation, result: undefined };
  });
}

/** What an event does to the seat, and what the page is told besides. */
export interface Verdict {
  readonly change?: Change;
  readonly situation?: Partial<Situation>;
}

/** Judges one event. `earlier`: what the events before it in this step do. */
async function judge(
  context: EngineContext,
  memory: Memory,
  seat: SeatedGroup,
  earlier: Change,
  event: Incoming,
): Promise<Verdict> {
  try {
    const own = await ownEvent(context, memory, event);
    if (own) return { change: own };
    if (isAhead(seat, event)) return lost(context, event, new Error("The room is at a later epoch."));
    const staged = await stage(context.crypto, seat.group, event.message, memory.proposals);
    switch (staged.kind) {
      case "commit":
        return receiveCommit(context, memory, seat, staged, event);
      case "proposal":
        return receiveProposal(memory, seat, staged, event);
      case "application":
        return { change: await receiveApplication(context, memory, seat, staged, event, earlier.entries ?? []) };
    }
  } catch (error) {
    // What was not read is not skipped either: the stream brings it again.
    if (isStorageFailure(error)) throw error;
    // An own message that was acknowledged before: it has its place.
    if (error instanceof MlsError && error.code === "ownMessage") return {};
    if (isCommitOf(seat, event)) return lost(context, event, error);
    context.fault({ where: "receive", error, cursor: event.cursor });
    return {};
  }
}

async function ownEvent(context: EngineContext, memory: Memory, event: Incoming): Promise<Change | undefined> {
  const { hash } = event;
  if (memory.pending?.hash === hash) return settleByEvent(context, memory, memory.pending, event);
  const record = memory.outbox.find(({ sealed, former }) => sealed?.hash === hash || former?.includes(hash));
  return record && sentChange(context, memory, record, event);
}

/**
 * A commit that this client refuses and the hub accepted: the last good epoch is kept, and the person told. Who goes on
 * anew joins again.
 */
function lost(context: EngineContext, { cursor }: Incoming, error: unknown): Verdict {
  if (context.situation.problem?.code === "outOfSync") return {};
  context.fault({ where: "receive", error, cursor });
  const { rule, detail } = problemOf(error);
  const why = { ...(rule === undefined ? {} : { rule }), ...(detail === undefined ? {} : { detail }) };
  return { situation: { problem: { code: "outOfSync", retry: true, ...why } } };
}

function isAhead({ view }: SeatedGroup, { message }: Incoming): boolean {
  return peekMessage(message).epoch > view.epoch;
}

function isCommitOf({ view }: SeatedGroup, { message }: Incoming): boolean {
  try {
    const { contentType, epoch } = peekMessage(message);
    return contentType === "commit" && epoch === view.epoch;
  } catch {
    return false;
  }
}
