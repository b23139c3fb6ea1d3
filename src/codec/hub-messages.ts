import { bool, enumeration, type Infer, opaque, optional, struct, uint64, uri, vector } from "./tls.js";

// Bodies between a client and its provider (docs/provider-api.md). What is MLS in them stays opaque here. `groupInfo` is
// a whole MLSMessage(GroupInfo) without the ratchet_tree extension; `ratchetTree` is that extension's content,
// `optional<Node> ratchet_tree<V>` (RFC 9420, 12.4.3.3). Times are milliseconds since 1970.

// More items than a hub sends or takes (provider/config.ts), so that nobody is kept busy by a list of nothings.
const MOST_ITEMS = 10_000;
const MOST_EVENTS = 1000;

/** `enum { reserved(0), mls10(1) } Protocol` (draft-ietf-mimi-protocol-06) */
export const protocol = enumeration("Protocol", { mls10: 1 });

/** `struct { opaque group_info<V>; opaque ratchet_tree<V>; Uri origins<V>; } CreateRoomRequest` */
export const createRoomRequest = struct({ groupInfo: opaque, ratchetTree: opaque, origins: vector(uri, MOST_ITEMS) });
export type CreateRoomRequest = Infer<typeof createRoomRequest>;

/** `struct { opaque group_info<V>; opaque ratchet_tree<V>; } StartGroupRequest` */
export const startGroupRequest = struct({ groupInfo: opaque, ratchetTree: opaque });
export type StartGroupRequest = Infer<typeof startGroupRequest>;

/** `struct { Protocol protocol; opaque joining_code<V>; } GroupInfoRequest` */
export const groupInfoRequest = struct({ protocol, joiningCode: opaque });
export type GroupInfoRequest = Infer<typeof groupInfoRequest>;

/** `struct { opaque message<V>; uint64 hub_accepted_time; } PendingProposal`; `message` is an MLSMessage. */
export const pendingProposal = struct({ message: opaque, hubAcceptedTime: uint64 });
export type PendingProposal = Infer<typeof pendingProposal>;

/**
 *     struct { opaque group_info<V>; opaque ratchet_tree<V>; PendingProposal pending_proposals<V>; uint64 cursor; }
 *       GroupInfoResponse;
 */
export const groupInfoResponse = struct({
  groupInfo: opaque,
  ratchetTree: opaque,
  pendingProposals: vector(pendingProposal, MOST_ITEMS),
  cursor: uint64,
});
export type GroupInfoResponse = Infer<typeof groupInfoResponse>;

/** `struct { optional<opaque welcome<V>>; opaque group_info<V>; opaque ratchet_tree<V>; } CommitBundle` */
export const commitBundle = struct({ welcome: optional(opaque), groupInfo: opaque, ratchetTree: opaque });
export type CommitBundle = Infer<typeof commitBundle>;

/** `struct { opaque proposal_or_commit<V>; optional<CommitBundle> bundle; } UpdateRequest`: a commit brings its bundle. */
export const updateRequest = struct({ proposalOrCommit: opaque, bundle: optional(commitBundle) });
export type UpdateRequest = Infer<typeof updateRequest>;

/** `struct { Protocol protocol; opaque app_message<V>; Uri sending_uri; } SubmitMessageRequest` */
export const submitMessageRequest = struct({ protocol, appMessage: opaque, sendingUri: uri });
export type SubmitMessageRequest = Infer<typeof submitMessageRequest>;

/**
 * `struct { Uri room; uint64 cursor; uint64 timestamp; opaque message<V>; opaque external_pub<V>; } RoomEvent`; `message` is an
 * MLSMessage; `external_pub` of a commit is what the hub publishes for the epoch that it begins, empty for anything else.
 */
export const roomEvent = struct({
  room: uri,
  cursor: uint64,
  timestamp: uint64,
  message: opaque,
  externalPub: opaque,
});
export type RoomEvent = Infer<typeof roomEvent>;

/** `struct { RoomEvent events<V>; bool more; } EventPage`: ascending cursors; `more` when the log goes on. */
export const eventPage = struct({ events: vector(roomEvent, MOST_EVENTS), more: bool });
export type EventPage = Infer<typeof eventPage>;

/**
 * `struct { opaque key_package<V>; } KeyPackageBytes; struct { KeyPackageBytes key_packages<V>; optional<KeyPackageBytes>
 * last_resort; } KeyPackageUpload`: each an MLSMessage; the last resort is used when the others are used up.
 */
export const keyPackageUpload = struct({ keyPackages: vector(opaque, MOST_ITEMS), lastResort: optional(opaque) });
export type KeyPackageUpload = Infer<typeof keyPackageUpload>;
