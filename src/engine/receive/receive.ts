import type { RoomEvent } from "../../codec/hub-messages.js";
import { forgetGroup } from "../../mls/forget-group.js";
import { MlsError } from "../../mls/mls-error.js";
import { peekMessage } from "../../mls/peek.js";
import { type Staged, stage } from "../../mls/stage.js";
import type { EntryRecord, RefusedEvent } from "../../storage/records.js";
import type { EngineContext, Situation } from "../context.js";
import { isStorageFailure, problem } from "../engine-problem.js";
import { forgetMemory } from "../forget-memory.js";
import { applyChange, type Change, joinChanges, type Memory, type SeatedGroup, standsStill } from "../memory.js";
import { sentChange } from "../own-message.js";
import { settleByEvent } from "../settle-pending.js";
import { sha256 } from "../sha256.js";
import { momentOf } from "../timeline.js";
import { unopenedLines, withReferenceChecked } from "./check-reference.js";
import { receiveApplication } from "./receive-application.js";
import { receiveCommit } from "./receive-commit.js";
import { receiveProposal } from "./receive-proposal.js";
import { refusedEvent, withForbidden } from "./refused-event.js";
import { refusedLines } from "./refused-lines.js";

/** An event on its way through the engine. */
export interface Incoming {
  readonly cursor: number;
  /** Milliseconds since 1970: accepted by the hub. */
  readonly time: number;
  /** An MLSMessage. */
  readonly message: Uint8Array;
  /** Its SHA-256 in hex. */
  readonly hash: string;
  /** Of a commit: the external public key that the hub gives those who join its epoch; empty when it does not say. */
  readonly externalPub: Uint8Array;
}

/**
 * Takes events of the room's log, in order, in one step: what they do to group, cursor and timeline is on disk together,
 * and told afterwards. A bad event is a fault and changes nothing but the cursor; it never stops those after it. Only a
 * commit or proposal does that this client cannot follow: the log stays before it until the hub has said what becomes of it.
 */
export async function receive(context: EngineContext, events: readonly RoomEvent[]): Promise<void> {
  await context.step(async (before) => {
    let memory = before;
    let whole: Change = {};
    let situation: Partial<Situation> = {};
    try {
      for (const event of events) {
        if (!memory.seat || standsStill(memory)) break;
        const cursor = Number(event.cursor);
        if (cursor <= memory.log.cursor) continue;
        const { message, externalPub } = event;
        const hash = await sha256(message);
        const incoming = { cursor, time: momentOf(event.timestamp), message, hash, externalPub };
        const { refused, ...verdict } = await judge(context, memory, memory.seat, whole, incoming);
        const change = { ...verdict.change, log: refused ? { ...memory.log, refused } : { cursor, hash } };
        const next = applyChange(memory, change);
        if (memory !== before) forgetMemory(memory, before, next);
        memory = next;
        const { seen, began } = next;
        whole = joinChanges(whole, { ...change, read: { seen, began } });
        situation = { ...situation, ...verdict.situation };
      }
    } catch (error) {
      if (memory !== before) forgetMemory(memory, before);
      throw error;
    }
    return { change: whole, situation, result: undefined };
  });
}

/** What an event does to the seat, and what the page is told besides. */
export interface Verdict {
  readonly change?: Change;
  readonly situation?: Partial<Situation>;
  /** It cannot be followed, nor passed over. */
  readonly refused?: RefusedEvent;
}

/** Judges one event. `earlier`: what the events before it in this step do. */
async function judge(
  context: EngineContext,
  memory: Memory,
  seat: SeatedGroup,
  earlier: Change,
  event: Incoming,
): Promise<Verdict> {
  const { entries = [] } = earlier;
  let staged: Staged | undefined;
  try {
    const own = await ownEvent(context, memory, event);
    if (own) return { change: own };
    if (isAhead(seat, event)) return lost(context, event);
    const known = [...memory.proposals, ...memory.forbidden];
    staged = await stage(context.crypto, seat.group, event.message, known);
    const verdict = await take(context, memory, seat, staged, event, entries);
    return await withReferenceChecked(context, memory, staged, event, entries, verdict);
  } catch (error) {
    // What was not read is not skipped either: the stream brings it again.
    if (isStorageFailure(error)) {
      if (staged && "next" in staged && staged.next) forgetGroup(staged.next, seat.group);
      throw error;
    }
    // An own message that was acknowledged before: it has its place.
    if (error instanceof MlsError && error.code === "ownMessage") return {};
    context.fault({ where: "receive", error, cursor: event.cursor });
    const told = staged
      ? await refusedLines(context, memory, staged, error, event, entries)
      : await unopenedLines(context, memory, seat, event, entries);
    const lines = { entries: told };
    const change = staged?.kind === "proposal" ? { ...lines, ...withForbidden(memory, event) } : lines;
    return stopsAt(seat, event, error) ? { change, refused: refusedEvent(event.hash, error, memory) } : { change };
  }
}

/** What a staged event does. `earlier`: lines of the same step. */
async function take(
  context: EngineContext,
  memory: Memory,
  seat: SeatedGroup,
  staged: Staged,
  event: Incoming,
  earlier: readonly EntryRecord[],
): Promise<Verdict> {
  switch (staged.kind) {
    case "commit":
      return receiveCommit(context, memory, seat, staged, event);
    case "proposal":
      return receiveProposal(memory, seat, staged, event);
    case "application":
      return { change: await receiveApplication(context, memory, seat, staged, event, earlier) };
  }
}

async function ownEvent(context: EngineContext, memory: Memory, event: Incoming): Promise<Change | undefined> {
  const { hash } = event;
  if (memory.pending?.hash === hash) return settleByEvent(context, memory, memory.pending, event);
  const record = memory.outbox.find(({ sealed, former }) => sealed?.hash === hash || former?.includes(hash));
  return record && sentChange(context, memory, record, event);
}

/** What led to the epoch of this event did not come. The last good epoch is kept, and the person told: who goes on joins again. */
function lost(context: EngineContext, { cursor }: Incoming): Verdict {
  if (context.situation.problem?.code === "outOfSync") return {};
  const error = problem("outOfSync", "The room is at a later epoch.");
  context.fault({ where: "receive", error, cursor });
  return { situation: { problem: error.problem } };
}

function isAhead({ view }: SeatedGroup, { message }: Incoming): boolean {
  return peekMessage(message).epoch > view.epoch;
}

/** Whether nothing after it can be followed: a commit; or a proposal that every commit has to carry, and that is none. */
function stopsAt({ view }: SeatedGroup, { message }: Incoming, error: unknown): boolean {
  try {
    const { contentType, epoch } = peekMessage(message);
    const stops = contentType === "commit" || (contentType === "proposal" && error instanceof MlsError);
    return stops && epoch === view.epoch;
  } catch {
    return false;
  }
}
