import { eventReference } from "../../../src/codec/event-reference.js";
import { eventRefusal, eventRefusalTBS } from "../../../src/codec/event-refusal.js";
import { groupIdCodec } from "../../../src/codec/group-id.js";
import * as hub from "../../../src/codec/hub-messages.js";
import * as leaf from "../../../src/codec/leaf-extensions.js";
import * as policy from "../../../src/codec/room-policy.js";
import type { Codec } from "../../../src/codec/tls.js";
import { bool, fixed, oneOf, opaque, optional, type Shape, struct, text, uint32, uint64, vector } from "./shape.js";

const optionality = oneOf({ optional: 0, required: 1, forbidden: 2 });
const role = oneOf({ system: 1, owner: 2, admin: 3, regular_user: 4, visitor: 5, banned: 6 });
const protocol = oneOf({ mls10: 1 });

const preAuthPerRoleList = struct({
  targetRole: role,
  preauthDomain: vector(text),
  preauthWorkgroup: vector(text),
  preauthGroup: vector(text),
  preauthUser: vector(text),
});
const linkPolicy = struct({ onRequest: bool, joinLink: text, multiuser: bool, expiration: uint32, linkRequests: text });
const loggingPolicy = struct({
  logging: optionality,
  enabled: bool,
  loggingClients: vector(text),
  machineReadablePolicy: text,
  humanReadablePolicy: text,
});
const historyPolicy = struct({
  historySharing: optionality,
  whoCanShare: vector(role),
  automaticallyShare: bool,
  maxTimePeriod: uint32,
});
const bot = struct({
  name: text,
  description: text,
  homepage: text,
  botRole: role,
  canRead: bool,
  canWrite: bool,
  canTargetMessageInGroup: bool,
  perUserContent: bool,
});
const policyExtension = struct({
  name: text,
  type: oneOf({ null: 0, boolean: 1, number: 2, string: 3, jsonObject: 4 }),
  value: opaque,
});
const roomPolicy = struct({
  membershipStyle: oneOf({ open: 1, members_only: 2, fixed_membership: 3, parent_dependent: 4 }),
  multiDevice: bool,
  knockAllowed: bool,
  moderated: bool,
  passwordProtected: bool,
  preAuthList: vector(preAuthPerRoleList),
  parentRoomUri: text,
  persistentRoom: bool,
  deliveryNotifications: optionality,
  readReceipts: optionality,
  pseudonymousIds: bool,
  discoverable: bool,
  linkPolicy,
  loggingPolicy,
  historySharing: historyPolicy,
  allowedBots: vector(bot),
  policyExtensions: vector(policyExtension),
});
const pendingProposal = struct({ message: opaque, hubAcceptedTime: uint64 });
const commitBundle = struct({ welcome: optional(opaque), groupInfo: opaque, ratchetTree: opaque });
const roomEvent = struct({ room: text, cursor: uint64, timestamp: uint64, message: opaque, externalPub: opaque });

/** Every struct of src/codec, with its shape as the drafts and docs/provider-api.md print it. */
export const structs: readonly (readonly [string, Codec<unknown>, Shape])[] = [
  row("PreAuthPerRoleList", policy.preAuthPerRoleList, preAuthPerRoleList),
  row("LinkPolicy", policy.linkPolicy, linkPolicy),
  row("LoggingPolicy", policy.loggingPolicy, loggingPolicy),
  row("HistoryPolicy", policy.historyPolicy, historyPolicy),
  row("Bot", policy.bot, bot),
  row("PolicyExtension", policy.policyExtension, policyExtension),
  row("RoomPolicy", policy.roomPolicy, roomPolicy),
  row(
    "CreateRoomRequest",
    hub.createRoomRequest,
    struct({ groupInfo: opaque, ratchetTree: opaque, origins: vector(text) }),
  ),
  row("StartGroupRequest", hub.startGroupRequest, struct({ groupInfo: opaque, ratchetTree: opaque })),
  row("GroupInfoRequest", hub.groupInfoRequest, struct({ protocol, joiningCode: opaque })),
  row("PendingProposal", hub.pendingProposal, pendingProposal),
  row(
    "GroupInfoResponse",
    hub.groupInfoResponse,
    struct({ groupInfo: opaque, ratchetTree: opaque, pendingProposals: vector(pendingProposal), cursor: uint64 }),
  ),
  row("CommitBundle", hub.commitBundle, commitBundle),
  row("UpdateRequest", hub.updateRequest, struct({ proposalOrCommit: opaque, bundle: optional(commitBundle) })),
  row("SubmitMessageRequest", hub.submitMessageRequest, struct({ protocol, appMessage: opaque, sendingUri: text })),
  row("RoomEvent", hub.roomEvent, roomEvent),
  row("EventPage", hub.eventPage, struct({ events: vector(roomEvent), more: bool })),
  row("KeyPackageUpload", hub.keyPackageUpload, struct({ keyPackages: vector(opaque), lastResort: optional(opaque) })),
  row("EventRefusal", eventRefusal, struct({ eventHash: opaque, code: text, signature: opaque })),
  row("EventRefusalTBS", eventRefusalTBS, struct({ groupId: opaque, epoch: uint64, eventHash: opaque, code: text })),
  row("EventReference", eventReference, struct({ cursor: uint64, eventHash: opaque })),
  row("RoomGroupId", groupIdCodec, struct({ room: text, instance: fixed(16) })),
  row(
    "Acceptance",
    leaf.acceptance,
    struct({ logging: bool, history: bool, bots: bool, receipts: bool, pseudonyms: bool }),
  ),
  row("ClientBinding", leaf.clientBinding, struct({ userKey: opaque, signature: opaque })),
  row("ClientBindingTBS", leaf.clientBindingTBS, struct({ clientUri: text, signatureKey: opaque })),
  row("ClientProofTBS", leaf.clientProofTBS, struct({ challenge: opaque, clientUri: text })),
  row(
    "UserClaims",
    leaf.userClaims,
    struct({ providerKey: opaque, groups: vector(text), workgroups: vector(text), signature: opaque }),
  ),
  row(
    "UserClaimsTBS",
    leaf.userClaimsTBS,
    struct({ user: text, userKey: opaque, groups: vector(text), workgroups: vector(text) }),
  ),
];

function row<T>(name: string, codec: Codec<T>, shape: Shape): readonly [string, Codec<unknown>, Shape] {
  return [name, codec, shape];
}
