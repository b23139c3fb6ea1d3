import { viewGroup } from "../mls/group.js";
import { peekMessage } from "../mls/peek.js";
import { decodeGroup } from "../mls/stored-group.js";
import type { PendingRecord } from "../storage/records.js";
import { type Doers, noticesBetween } from "./commit-notices.js";
import type { EngineContext } from "./context.js";
import type { Delivered } from "./deliver-pending.js";
import { type Change, type Memory, seatIn } from "./memory.js";
import { forgottenBy, withoutCiphertext } from "./own-message.js";
import { isEvent, isMembersCommit } from "./pending-record.js";
import { notice } from "./timeline.js";

/**
 * The hub has accepted what takes a seat: the pending group is the group. Nothing before it in the log can be read by
 * this client, so the answer settles it as well as its event would.
 */
export async function settlePending(context: EngineContext, pending: PendingRecord, at: Delivered): Promise<void> {
  await context.step(async (memory) =>
    memory.pending?.hash === pending.hash
      ? { change: takenSeat(context, memory, pending, at), result: undefined }
      : { result: undefined },
  );
}

/** The change that makes the group of `pending` the group. */
export function takenSeat(context: EngineContext, memory: Memory, pending: PendingRecord, at: Delivered): Change {
  const group = decodeGroup(pending.next);
  const own = memory.identity;
  const hash = isEvent(pending) ? pending.hash : "";
  return {
    seat: seatIn(group, viewGroup(group), context.room, context.hub),
    pending: null,
    proposals: [],
    forbidden: [],
    log: { cursor: at.cursor, hash },
    // Who comes back into a group that went on without it had not left.
    ...(own && !memory.seat
      ? { entries: [notice(own, { kind: "joined" }, { ...at, hash, ownUser: own.userUri })] }
      : {}),
    ...(memory.log.astray ? { outbox: memory.outbox.map(withoutCiphertext) } : {}),
  };
}

/** The event log shows an own commit: its group is the group, whatever the answer to the request was or will be. */
export function settleByEvent(
  context: EngineContext,
  memory: Memory,
  pending: PendingRecord,
  { cursor, time }: Delivered,
): Change {
  const taken = takenSeat(context, memory, pending, { cursor, time });
  if (!memory.seat || !taken.seat) return taken;
  const place = { cursor, time, hash: pending.hash, ownUser: memory.identity?.userUri ?? "" };
  return {
    ...taken,
    entries: noticesBetween(memory.seat.room, taken.seat.room, place, doersOfOwn(memory, pending)),
    ...forgottenBy(taken.seat.view.epoch, memory),
  };
}

/** Who did what an own commit shows. A seat that was taken again leaves open who did what meanwhile. */
function doersOfOwn({ seat, proposals, identity }: Memory, pending: PendingRecord): Doers {
  if (!isMembersCommit(pending)) return { left: () => true, remover: () => undefined, maker: undefined };
  // It carries every proposal that there is: who asked for it went by itself.
  const leaving = new Set(proposals.map((message) => peekMessage(message).senderLeaf));
  const clients = (user: string) => (seat?.room.members ?? []).filter(({ userUri }) => userUri === user);
  return {
    left: (user) => user === identity?.userUri || clients(user).every(({ leafIndex }) => leaving.has(leafIndex)),
    remover: () => identity,
    maker: identity,
  };
}
