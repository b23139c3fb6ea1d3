import { forget } from "../mls/forget.js";
import { viewGroup } from "../mls/group.js";
import { decodeGroup } from "../mls/stored-group.js";
import type { EngineContext } from "./context.js";
import { EMPTY, type SeatedGroup, seatIn } from "./memory.js";
import { seenFrom } from "./seen-events.js";

/** Reads the seat from disk into memory: what an engine begins with. */
export async function restoreSeat(context: EngineContext): Promise<void> {
  const { identity, group, cursor, outbox, keyPackages, suggestedNickname, acceptance } = await context.database.load();
  if (identity) await context.crypto.addSignatureKey(identity.signatureKeyPair);
  context.restore({
    ...EMPTY,
    identity,
    seat: group?.group && readSeat(context, group.group),
    pending: group?.pending,
    proposals: group?.proposals ?? [],
    forbidden: group?.forbidden ?? [],
    log: cursor ?? EMPTY.log,
    seen: cursor ? seenFrom(cursor) : EMPTY.seen,
    outbox,
    keyPackages,
    suggestedNickname,
    acceptance,
  });
}

/** A state that this version cannot read is no seat: the same client joins again and its old leaf goes. */
function readSeat(context: EngineContext, bytes: Uint8Array): SeatedGroup | undefined {
  try {
    const group = decodeGroup(bytes);
    forget(bytes);
    return seatIn(group, viewGroup(group), context.room, context.hub);
  } catch (error) {
    context.fault({ where: "restore", error });
    return undefined;
  }
}
