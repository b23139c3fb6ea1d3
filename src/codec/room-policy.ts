import { fromUtf8, utf8 } from "./bytes.js";
import { bool, type Codec, encode, enumeration, type Infer, opaque, struct, text, uint32, uri, vector } from "./tls.js";

// Framework draft, section 8, with the `<V>` that its text lost. "0 never on the wire": reserved values have no label.

/** `enum { optional(0), required(1), forbidden(2) } Optionality` */
export const optionality = enumeration("Optionality", { optional: 0, required: 1, forbidden: 2 });
export type Optionality = Infer<typeof optionality>;

/** `enum { reserved(0), system(1), owner(2), admin(3), regular_user(4), visitor(5), banned(6) } Role` */
export const role = enumeration("Role", { system: 1, owner: 2, admin: 3, regular_user: 4, visitor: 5, banned: 6 });
export type Role = Infer<typeof role>;

/** `enum { reserved(0), open(1), members_only(2), fixed_membership(3), parent_dependent(4) } MembershipStyle` */
export const membershipStyle = enumeration("MembershipStyle", {
  open: 1,
  members_only: 2,
  fixed_membership: 3,
  parent_dependent: 4,
});
export type MembershipStyle = Infer<typeof membershipStyle>;

/** `enum { null(0), boolean(1), number(2), string(3), jsonObject(4) } ExtType` */
export const extType = enumeration("ExtType", { null: 0, boolean: 1, number: 2, string: 3, jsonObject: 4 });
export type ExtType = Infer<typeof extType>;

/**
 *     struct { opaque value<V>; } Entry;
 *     struct { Role target_role; Entry preauth_domain<V>; Entry preauth_workgroup<V>;
 *              Entry preauth_group<V>; Entry preauth_user<V>; } PreAuthPerRoleList;
 */
export const preAuthPerRoleList = struct({
  targetRole: role,
  preauthDomain: vector(text),
  preauthWorkgroup: vector(text),
  preauthGroup: vector(text),
  preauthUser: vector(text),
});
export type PreAuthPerRoleList = Infer<typeof preAuthPerRoleList>;

/**
 *     struct {
 *       bool on_request;
 *       Uri join_link;
 *       bool multiuser;
 *       uint32 expiration;     // seconds since 1970-01-01, 0 = never
 *       Uri link_requests;
 *     } LinkPolicy;
 */
export const linkPolicy = struct({
  onRequest: bool,
  joinLink: uri,
  multiuser: bool,
  expiration: uint32,
  linkRequests: uri,
});
export type LinkPolicy = Infer<typeof linkPolicy>;

/**
 *     struct { Optionality logging; bool enabled; Uri logging_clients<V>;
 *              Uri machine_readable_policy; Uri human_readable_policy; } LoggingPolicy;
 */
export const loggingPolicy = struct({
  logging: optionality,
  enabled: bool,
  loggingClients: vector(uri),
  machineReadablePolicy: uri,
  humanReadablePolicy: uri,
});
export type LoggingPolicy = Infer<typeof loggingPolicy>;

/**
 *     struct { Optionality history_sharing; Role who_can_share<V>; bool automatically_share;
 *              uint32 max_time_period; /* seconds *\/ } HistoryPolicy;
 */
export const historyPolicy = struct({
  historySharing: optionality,
  whoCanShare: vector(role),
  automaticallyShare: bool,
  maxTimePeriod: uint32,
});
export type HistoryPolicy = Infer<typeof historyPolicy>;

/**
 *     struct { opaque name<V>; opaque description<V>; Uri homepage; Role bot_role; bool can_read; bool can_write;
 *              bool can_target_message_in_group; bool per_user_content; } Bot;
 *
 * `name` is the bot's user URI.
 */
export const bot = struct({
  name: text,
  description: text,
  homepage: uri,
  botRole: role,
  canRead: bool,
  canWrite: bool,
  canTargetMessageInGroup: bool,
  perUserContent: bool,
});
export type Bot = Infer<typeof bot>;

/** `struct { opaque name<V>; ExtType type; opaque value<V>; } PolicyExtension` */
export const policyExtension = struct({ name: text, type: extType, value: opaque });
export type PolicyExtension = Infer<typeof policyExtension>;

/**
 *     struct { MembershipStyle membership_style; bool multi_device; bool knock_allowed; bool moderated;
 *              bool password_protected; PreAuthPerRoleList pre_auth_list<V>; Uri parent_room_uri;
 *              bool persistent_room; Optionality delivery_notifications; Optionality read_receipts;
 *              bool semi_anonymous_ids; bool discoverable; LinkPolicy link_policy; LoggingPolicy logging_policy;
 *              HistoryPolicy history_sharing; Bot allowed_bots<V>; PolicyExtension policy_extensions<V>; } RoomPolicy;
 *
 * The content of the `room_policy` GroupContext extension; media type application/mimi-room-policy.
 * `pseudonymousIds` is semi_anonymous_ids.
 */
const policyStruct = struct({
  membershipStyle,
  multiDevice: bool,
  knockAllowed: bool,
  moderated: bool,
  passwordProtected: bool,
  preAuthList: vector(preAuthPerRoleList),
  parentRoomUri: uri,
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
export type RoomPolicy = Infer<typeof policyStruct>;

/**
 * Octets of the longest policy: room for 20,000 entries of guests, 70 octets each. It travels in every GroupInfo, and whoever
 * makes one must not keep those busy who read it.
 */
const MAX_POLICY = 1_500_000;

/** A policy as it travels. Throws CodecError for one that is malformed or too long, written or read. */
export const roomPolicy: Codec<RoomPolicy> = {
  write(writer, policy) {
    const octets = encode(policyStruct, policy);
    if (octets.length > MAX_POLICY) throw writer.error(tooLong(octets.length));
    writer.bytes(octets);
  },
  read(reader) {
    if (reader.remaining > MAX_POLICY) throw reader.error(tooLong(reader.remaining));
    return policyStruct.read(reader);
  },
};

function tooLong(octets: number): string {
  return `${octets} octets are more than the ${MAX_POLICY} of a policy`;
}

/** The policy extension that names a room: a string, 1 to 200 characters. */
export const ROOM_NAME = "room_name";

/** The extension that gives a room its name. */
export function roomNameExtension(name: string): PolicyExtension {
  return { name: ROOM_NAME, type: "string", value: utf8(name) };
}

/** The room's name; "" when the policy gives none. Throws CodecError when it is not UTF-8. */
export function roomName(policy: RoomPolicy): string {
  const extension = policy.policyExtensions.find(({ name }) => name === ROOM_NAME);
  return extension === undefined ? "" : fromUtf8(extension.value);
}
