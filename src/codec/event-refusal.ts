import { type Infer, opaque, struct, text, uint64 } from "./tls.js";

/** SignWithLabel label (RFC 9420, 5.1.2) of a refusal. */
export const EVENT_REFUSAL_LABEL = "MimiEventRefusal";

/**
 * `struct { opaque event_hash<V>; opaque code<V>; opaque signature<V>; } EventRefusal`: a member cannot follow a commit or proposal
 * (docs/adr/0015-provisional-commits.md). `event_hash` is SHA-256 of its MLSMessage; `code` says why, in UTF-8.
 */
export const eventRefusal = struct({ eventHash: opaque, code: text, signature: opaque });
export type EventRefusal = Infer<typeof eventRefusal>;

/**
 * `struct { opaque group_id<V>; uint64 epoch; opaque event_hash<V>; opaque code<V>; } EventRefusalTBS`: what the refusing
 * member's leaf key of that epoch signs; `epoch` is the one that the event was made in.
 */
export const eventRefusalTBS = struct({ groupId: opaque, epoch: uint64, eventHash: opaque, code: text });
