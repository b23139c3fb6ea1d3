import { toHex } from "../codec/bytes.js";
import { submitMessageRequest } from "../codec/hub-messages.js";
import { encode } from "../codec/tls.js";
import { protectMessage } from "../mls/protect.js";
import type { OutboxRecord } from "../storage/records.js";
import type { EngineContext } from "./context.js";
import type { Change, Memory } from "./memory.js";
import { sha256 } from "./sha256.js";

/** A message of the outbox with the ciphertext that is sent, and sent again, as it is. */
export type Sealed = OutboxRecord & { readonly sealed: NonNullable<OutboxRecord["sealed"]> };

export function isSealed(record: OutboxRecord): record is Sealed {
  return record.sealed !== undefined;
}

/** Protects a message in the seat's epoch: the ratchet's move and the ciphertext are one change. */
export async function sealMessage(
  { crypto }: EngineContext,
  { seat, identity }: Memory,
  { id, content, order }: OutboxRecord,
): Promise<{ readonly change: Change; readonly result: Sealed } | undefined> {
  if (!seat || !identity) return undefined;
  const { message, next } = await protectMessage(crypto, seat.group, content);
  const body = encode(submitMessageRequest, { protocol: "mls10", appMessage: message, sendingUri: identity.userUri });
  const { groupId, epoch } = seat.view;
  const sealed = { body, hash: await sha256(message), group: toHex(groupId), epoch };
  const result: Sealed = { id, content, order, state: "waiting", sealed };
  return { change: { seat: { ...seat, group: next }, outbox: [result] }, result };
}
