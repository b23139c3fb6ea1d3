import { toHex } from "../codec/bytes.js";
import { submitMessageRequest } from "../codec/hub-messages.js";
import { encode } from "../codec/tls.js";
import { protectMessage } from "../mls/protect.js";
import { authorize } from "../policy/authorize.js";
import type { OutboxRecord } from "../storage/records.js";
import { acceptedBy } from "./accepted.js";
import type { EngineContext } from "./context.js";
import { type Change, type Memory, standsStill } from "./memory.js";
import { referenceTo } from "./seen-events.js";
import { sha256 } from "./sha256.js";

/** A message of the outbox with the ciphertext that is sent, and sent again, as it is. */
export type Sealed = OutboxRecord & { readonly sealed: NonNullable<OutboxRecord["sealed"]> };

export function isSealed(record: OutboxRecord): record is Sealed {
  return record.sealed !== undefined;
}

/** Whether something may be said in the seat's epoch now; if not, what must happen first, or which rule denies it. */
export type Saying =
  | { readonly may: "now" | "whenSettled" | "whenProposalsAreCommitted" }
  | { readonly may: "never"; readonly rule: string };

/** The one judgement of what may be said, for the step that takes a message and for the one that sends it. */
export function judgeSaying({ seat, identity, pending, proposals, log, acceptance }: Memory): Saying {
  // A message of this epoch could come after the commit under way; and a group that the hub has lost hears nothing.
  if (!seat || !identity || pending || standsStill({ log })) return { may: "whenSettled" };
  // This client is about to leave.
  if (!acceptedBy({ acceptance }, seat.room.policy).allowed) return { may: "whenSettled" };
  // Who asked to be removed must not read what is said from here on.
  if (proposals.length > 0) return { may: "whenProposalsAreCommitted" };
  const decision = authorize(seat.room, { kind: "sendMessage", user: identity.userUri });
  return decision.allowed ? { may: "now" } : { may: "never", rule: decision.rule };
}

/** Protects a message in the seat's epoch: the ratchet's move and the ciphertext are one change. */
export async function sealMessage(
  { crypto }: EngineContext,
  { seat, identity, log }: Memory,
  record: OutboxRecord,
): Promise<{ readonly change: Change; readonly result: Sealed } | undefined> {
  if (!seat || !identity) return undefined;
  const { message, next } = await protectMessage(crypto, seat.group, record.content, referenceTo(log));
  const body = encode(submitMessageRequest, { protocol: "mls10", appMessage: message, sendingUri: identity.userUri });
  const { groupId, epoch } = seat.view;
  const sealed = { body, hash: await sha256(message), group: toHex(groupId), epoch };
  const result: Sealed = { ...record, state: "waiting", sealed };
  return { change: { seat: { ...seat, group: next }, outbox: [result] }, result };
}
