import { utf8 } from "../codec/bytes.js";
import { unlessMalformed } from "../codec/codec-error.js";
import { domainOf, parseMimiUri } from "../codec/mimi-uri.js";
import { ROOM_NAME, type RoomPolicy, roomName } from "../codec/room-policy.js";
import { all, allow, type Decision, deny } from "./decision.js";
import { holdsLockdown } from "./lockdown.js";
import { canonicalDomain, canonicalEntry } from "./roles.js";
import type { ValidityRule } from "./rule.js";

/** "A policy is valid when every rule that a section states holds" (resolutions). Who may have it is not asked here. */
export function validatePolicy(policy: RoomPolicy): Decision {
  return all(
    // "This option can only be enabled if the membership_style is members-only" (7.1)
    () => must("valid/knock", !policy.knockAllowed || policy.membershipStyle === "members_only"),
    () => must("valid/parent", hasParentWhereNeeded(policy)),
    // "PreAuthPerRoleList" (8): one a role; whoever writes more, and empty ones, fills the policy
    () => must("valid/list-twice", allDifferent(policy.preAuthList.map(({ targetRole }) => targetRole))),
    () => must("valid/entry", hasGoodEntries(policy)),
    () => must("valid/two-roles", listsUsersOnce(policy)),
    () => must("valid/no-moderator", hasModerator(policy)),
    () => must("valid/fixed-users", isFixedByUsers(policy)),
    // "a valid Uniform Resource Identifier (URI)" (8)
    () => must("valid/uri", pointers(policy).every(isUri) && [...pointers(policy), ...names(policy)].every(isShort)),
    // "If the on_request field is true, no joining link will be provided … The value of join_link is empty" (7.4.1)
    () => must("valid/link-on-request", !policy.linkPolicy.onRequest || policy.linkPolicy.joinLink === ""),
    () => logging(policy),
    () => history(policy),
    () => must("valid/bot", hasGoodBots(policy)),
    () => must("valid/extension-twice", allDifferent(policy.policyExtensions.map(({ name }) => name))),
    () => must("valid/room-name", hasGoodName(policy)),
    () => must("valid/lockdown", holdsLockdown(policy)),
  );
}

function must(rule: ValidityRule, holds: boolean): Decision {
  return holds ? allow : deny(rule);
}

/** "If the membership_style is parent-dependent the parent_room_uri MUST be set … Otherwise … zero-length" (7.1). */
function hasParentWhereNeeded({ membershipStyle, parentRoomUri }: RoomPolicy): boolean {
  return membershipStyle === "parent_dependent" ? kindOf(parentRoomUri) === "room" : parentRoomUri === "";
}

/** "The workgroup, group, and user are expressed as a Uri. The domain is expressed in US-ASCII letters …" (7.2). */
function hasGoodEntries({ preAuthList }: RoomPolicy): boolean {
  return preAuthList.every(
    ({ targetRole, preauthDomain, preauthWorkgroup, preauthGroup, preauthUser }) =>
      preauthDomain.every((domain) => canonicalDomain(domain) !== undefined) &&
      // which have the form of a room
      [...preauthWorkgroup, ...preauthGroup].every((uri) => kindOf(uri) === "room") &&
      // a system user is a provider's
      preauthUser.every((uri) => isUser(uri) || (targetRole === "system" && kindOf(uri) === "provider")),
  );
}

/** A bot's role is a listing too, above which only a ban stands. */
function listsUsersOnce({ preAuthList, allowedBots }: RoomPolicy): boolean {
  const roles = new Map<string | undefined, string>();
  for (const { targetRole, preauthUser } of preAuthList) {
    for (const user of preauthUser.map(canonicalEntry)) {
      if ((roles.get(user) ?? targetRole) !== targetRole) return false;
      roles.set(user, targetRole);
    }
  }
  return allowedBots.every(({ name, botRole }) => {
    const listed = roles.get(canonicalEntry(name)) ?? botRole;
    return listed === botRole || listed === "banned";
  });
}

/** "if the chat bot would be treated as a system-user, owner, admin, regular_user, or visitor" (7.4.4), by its user URI. */
function hasGoodBots({ allowedBots }: RoomPolicy): boolean {
  const users = allowedBots.map(({ name }) => canonicalEntry(name) ?? name);
  return allDifferent(users) && users.every(isUser) && allowedBots.every(({ botRole }) => botRole !== "banned");
}

function hasModerator({ preAuthList }: RoomPolicy): boolean {
  return preAuthList.some(
    ({ targetRole, preauthDomain, preauthWorkgroup, preauthGroup, preauthUser }) =>
      (targetRole === "owner" || targetRole === "admin") &&
      preauthDomain.length + preauthWorkgroup.length + preauthGroup.length + preauthUser.length > 0,
  );
}

/** "For fixed-membership rooms all users in the room must be explicitly pre-authorized" (9.1). */
function isFixedByUsers({ membershipStyle, preAuthList }: RoomPolicy): boolean {
  if (membershipStyle !== "fixed_membership") return true;
  return preAuthList.every(
    ({ preauthDomain, preauthWorkgroup, preauthGroup }) =>
      preauthDomain.length + preauthWorkgroup.length + preauthGroup.length === 0,
  );
}

function logging({ loggingPolicy: policy }: RoomPolicy): Decision {
  const { logging, enabled, loggingClients, machineReadablePolicy, humanReadablePolicy } = policy;
  const clients = loggingClients.length;
  const empty = clients === 0 && machineReadablePolicy === "" && humanReadablePolicy === "";
  return all(
    // "If logging is forbidden then the other fields are empty" (7.4.2)
    () => must("valid/logging-forbidden", logging !== "forbidden" || empty),
    // "If logging is required, the list of logging_clients needs to contain at least one logging URI"
    () => must("valid/logging-required", logging !== "required" || clients > 0),
    () =>
      must(
        "valid/logging-client",
        loggingClients.every((uri) => isUser(uri) || kindOf(uri) === "client"),
      ),
    // "Each provider should have no more than one logging client at a time in a room"
    () => must("valid/logging-provider", allDifferent(loggingClients.map(domainOf))),
    // "logging required, or optional with at least one client; a mismatch on read is an invalid policy" (resolutions)
    () =>
      must("valid/logging-enabled", enabled === (logging === "required" || (logging === "optional" && clients > 0))),
  );
}

function history({ historySharing: policy }: RoomPolicy): Decision {
  const empty = policy.whoCanShare.length === 0 && !policy.automaticallyShare && policy.maxTimePeriod === 0;
  return all(
    // "forbidden … in which case who_can_share is empty, automatically_share is false, and max_time_period is zero" (7.4.3)
    () => must("valid/history-forbidden", policy.historySharing !== "forbidden" || empty),
    // "The values of none and outcast cannot be used in who_can_share"
    () => must("valid/history-sharers", !policy.whoCanShare.includes("banned")),
  );
}

const MAX_ROOM_NAME = 200;

function hasGoodName(policy: RoomPolicy): boolean {
  const extension = policy.policyExtensions.find(({ name }) => name === ROOM_NAME);
  if (extension === undefined) return true;
  const name = unlessMalformed(() => roomName(policy))?.trim() ?? "";
  return extension.type === "string" && name !== "" && Array.from(name).length <= MAX_ROOM_NAME;
}

/** The URIs that point somewhere; those that name someone are read as what they name. */
function pointers({ linkPolicy, loggingPolicy, allowedBots }: RoomPolicy): readonly string[] {
  const { machineReadablePolicy, humanReadablePolicy } = loggingPolicy;
  const homepages = allowedBots.map(({ homepage }) => homepage);
  return [linkPolicy.joinLink, linkPolicy.linkRequests, machineReadablePolicy, humanReadablePolicy, ...homepages];
}

/** The URIs that name someone, or somewhere; and the domains. */
function names({ preAuthList, parentRoomUri, loggingPolicy, allowedBots }: RoomPolicy): readonly string[] {
  const entries = preAuthList.flatMap(({ targetRole: _, ...levels }) => Object.values(levels).flat());
  return [parentRoomUri, ...entries, ...loggingPolicy.loggingClients, ...allowedBots.map(({ name }) => name)];
}

/** Octets of the longest URI: ours, so that one link does not fill the policy of everybody. */
const MAX_URI = 2048;
/** Of one UTF-16 unit in UTF-8. */
const MAX_OCTETS = 3;

function isShort(uri: string): boolean {
  return uri.length * MAX_OCTETS <= MAX_URI || utf8(uri).length <= MAX_URI;
}

/** A scheme, and nothing that no URI contains (RFC 3986, 2 and 3); "zero length means absent" (resolutions). */
function isUri(uri: string): boolean {
  return uri === "" || /^[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9_.~:/?#[\]@!$&'()*+,;=%-]+$/u.test(uri);
}

function allDifferent(names: readonly string[]): boolean {
  return new Set(names).size === names.length;
}

function isUser(uri: string): boolean {
  return kindOf(uri) === "user";
}

function kindOf(uri: string): string | undefined {
  return unlessMalformed(() => parseMimiUri(uri).kind);
}
