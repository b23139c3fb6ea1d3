import { toBase64Url } from "../codec/bytes.js";
import { decodeContent } from "../content/decode-content.js";
import type { OutboxRecord } from "../storage/records.js";
import type { EngineContext } from "./context.js";
import type { Change, Memory } from "./memory.js";
import { entryContentOf, withoutFailure } from "./timeline.js";

/**
 * What it does that the hub has an own message: it leaves the outbox and takes its place in the room's order. One that was
 * discarded too late comes back.
 */
export async function sentChange(
  context: EngineContext,
  { identity }: Memory,
  { id, content }: OutboxRecord,
  at: { readonly cursor: number; readonly time: number; readonly hash: string },
): Promise<Change> {
  const place = { order: at.cursor, time: at.time, hash: at.hash, status: "sent" } as const;
  const entry = await context.entry(id);
  if (entry) return { outboxGone: [id], entries: [{ ...withoutFailure(entry), ...place }] };
  if (!identity) return { outboxGone: [id] };
  const sender = { userUri: identity.userUri, nickname: identity.nickname, own: true };
  const salt = toBase64Url(decodeContent(content).salt);
  return { outboxGone: [id], entries: [{ id, sender, content: entryContentOf(content), salt, ...place }] };
}

/**
 * The same message, to be protected anew: its ciphertexts are of a group that the hub has lost. What was taken back is
 * not said again, wherever it may have arrived.
 */
export function withoutCiphertext({ sealed: _sealed, former: _former, ...record }: OutboxRecord): OutboxRecord {
  return record;
}

/** Discarded messages whose epoch has ended before `epoch`: the log would have shown them by now. */
export function forgottenBy(epoch: bigint, { outbox }: Memory): Pick<Change, "outboxGone"> {
  const gone = outbox
    .filter(({ state, sealed }) => state === "discarded" && (sealed === undefined || sealed.epoch < epoch))
    .map(({ id }) => id);
  return gone.length > 0 ? { outboxGone: gone } : {};
}
