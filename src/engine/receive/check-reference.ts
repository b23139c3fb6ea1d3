import { equalBytes, toHex } from "../../codec/bytes.js";
import { type EventReference, readReference } from "../../codec/event-reference.js";
import type { Member } from "../../codec/group-view.js";
import { type Peeked, peekMessage } from "../../mls/peek.js";
import type { Staged } from "../../mls/stage.js";
import type { EntryRecord } from "../../storage/records.js";
import type { EngineContext } from "../context.js";
import type { Memory, SeatedGroup } from "../memory.js";
import { hashAt } from "../seen-events.js";
import { divergedNotice } from "../timeline.js";
import type { Incoming, Verdict } from "./receive.js";

/** A room where this many lines stand below the one that says so is told again. */
const LINES_APART = 100;

/**
 * `verdict`, what a staged event does, and a line that says so when its sender was shown another log than this client
 * (docs/adr/0016-chained-events.md). The event is taken either way: it is authentic. `earlier`: lines of the same step.
 */
export async function withReferenceChecked(
  context: EngineContext,
  memory: Memory,
  staged: Staged,
  event: Incoming,
  earlier: readonly EntryRecord[],
  verdict: Verdict,
): Promise<Verdict> {
  const { change } = verdict;
  const sender = senderOf(staged);
  if (staged.kind === "proposal" || !sender || change?.forget) return verdict;
  const reference = referenceIn(context, staged.authenticatedData, event);
  if (!reference || !isForeign(memory, reference) || (await isToldAlready(context, event, earlier, isDiverged))) {
    return verdict;
  }
  const line = divergedNotice(sender, { ...event, ownUser: memory.identity?.userUri ?? "" });
  return { ...verdict, change: { ...change, entries: [...(change?.entries ?? []), line] } };
}

/**
 * The line that says so of a message that cannot be opened, since it was sealed for other ears: what it says of itself, unproven, is
 * enough. Whoever wrote it, it was the hub that let it pass. So is one of an epoch that was over before it came.
 */
export async function unopenedLines(
  context: EngineContext,
  memory: Memory,
  { view }: SeatedGroup,
  event: Incoming,
  earlier: readonly EntryRecord[],
): Promise<readonly EntryRecord[]> {
  const { groupId, epoch, authenticatedData } = outsideOf(event) ?? {};
  if (!groupId || !authenticatedData || epoch === undefined || !equalBytes(groupId, view.groupId)) return [];
  const reference = referenceIn(context, authenticatedData, event);
  const isLate = memory.began !== undefined && event.cursor > memory.began && epoch < view.epoch;
  if (!isLate && !(reference && isForeign(memory, reference))) return [];
  if (await isToldAlready(context, event, earlier, isDiverged)) return [];
  return [divergedNotice({ userUri: context.hub, nickname: "" }, { ...event, ownUser: "" })];
}

/** Undefined when it is no message. */
function outsideOf({ message }: Incoming): Peeked | undefined {
  try {
    return peekMessage(message);
  } catch {
    return undefined;
  }
}

function senderOf(staged: Staged): Member | undefined {
  if (staged.kind === "application") return staged.sender;
  if (staged.kind === "proposal") return undefined;
  const { sender } = staged.view;
  return "member" in sender ? sender.member : undefined;
}

/** Undefined for none. Other implementations have other authenticated data, or none. */
function referenceIn(context: EngineContext, data: Uint8Array, { cursor }: Incoming): EventReference | undefined {
  if (data.length === 0) return undefined;
  try {
    return readReference(data);
  } catch (error) {
    context.fault({ where: "receive", error, cursor });
    return undefined;
  }
}

/** Whether the hub has not shown this client, at that place, what it showed the sender. What is not known is not judged. */
function isForeign({ log, seen }: Memory, { cursor, eventHash }: EventReference): boolean {
  if (cursor > BigInt(log.cursor)) return true;
  const known = hashAt(seen, Number(cursor));
  return known !== undefined && known !== toHex(eventHash);
}

function isDiverged({ content }: EntryRecord): boolean {
  return content.kind === "diverged";
}

/** Whether one of the latest lines above an event says so. `earlier`: lines of the same step. */
export async function isToldAlready(
  context: EngineContext,
  { cursor }: Incoming,
  earlier: readonly EntryRecord[],
  saysSo: (line: EntryRecord) => boolean,
): Promise<boolean> {
  const lines = [...(await context.entriesBefore(cursor, LINES_APART)), ...earlier].slice(-LINES_APART);
  return lines.some(saysSo);
}
