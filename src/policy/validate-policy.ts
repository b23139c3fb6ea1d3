import { unlessMalformed } from "../codec/codec-error.js";
import { parseMimiUri } from "../codec/mimi-uri.js";
import { ROOM_NAME, type RoomPolicy, roomName } from "../codec/room-policy.js";
import { all, allow, type Decision, deny } from "./decision.js";
import { canonicalDomain, canonicalEntry } from "./roles.js";
import type { ValidityRule } from "./rule.js";

/** "A policy is valid when every rule that a section states holds" (resolutions). Who may have it is not asked here. */
export function validatePolicy(policy: RoomPolicy): Decision {
  return all(
    // "This option can only be enabled if the membership_style is members-only" (7.1)
    () => must("valid/knock", !policy.knockAllowed || policy.membershipStyle === "members_only"),
    () => must("valid/parent", hasParentWhereNeeded(policy)),
    () => must("valid/entry", hasGoodEntries(policy)),
    () => must("valid/two-roles", listsUsersOnce(policy)),
    () => must("valid/no-moderator", hasModerator(policy)),
    () => must("valid/fixed-users", isFixedByUsers(policy)),
    () => logging(policy),
    () => history(policy),
    () =>
      must(
        "valid/bot",
        policy.allowedBots.every(({ name, botRole }) => isUser(name) && botRole !== "banned"),
      ),
    () => must("valid/extension-twice", allDifferent(policy.policyExtensions.map(({ name }) => name))),
    () => must("valid/room-name", hasGoodName(policy)),
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
      [...preauthWorkgroup, ...preauthGroup].every((uri) => kindOf(uri) !== undefined) &&
      // a system user is a provider's
      preauthUser.every((uri) => isUser(uri) || (targetRole === "system" && kindOf(uri) === "provider")),
  );
}

function listsUsersOnce({ preAuthList }: RoomPolicy): boolean {
  const roles = new Map<string | undefined, string>();
  for (const { targetRole, preauthUser } of preAuthList) {
    for (const user of preauthUser.map(canonicalEntry)) {
      if ((roles.get(user) ?? targetRole) !== targetRole) return false;
      roles.set(user, targetRole);
    }
  }
  return true;
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

function allDifferent(names: readonly string[]): boolean {
  return new Set(names).size === names.length;
}

function isUser(uri: string): boolean {
  return kindOf(uri) === "user";
}

function kindOf(uri: string): string | undefined {
  return unlessMalformed(() => parseMimiUri(uri).kind);
}
