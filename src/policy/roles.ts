import { unlessMalformed } from "../codec/codec-error.js";
import type { UserClaims } from "../codec/leaf-extensions.js";
import { canonicalMimiUri, domainOf, parseMimiUri, userOfClient } from "../codec/mimi-uri.js";
import type { Bot, PreAuthPerRoleList, Role, RoomPolicy } from "../codec/room-policy.js";

/** How much a role may, the more the higher; `banned` is below all. */
const RANK: Readonly<Record<Role, number>> = { system: 5, owner: 4, admin: 3, regular_user: 2, visitor: 1, banned: 0 };

/** Whether `role` may more than `other`. */
export function outranks(role: Role, other: Role): boolean {
  return RANK[role] > RANK[other];
}

/** "Moderator: A client whose user has a role of admin or owner in the room" (framework draft, 2.2). */
export function isModerator(role: Role | undefined): boolean {
  return role === "owner" || role === "admin";
}

/** Whether no admin touches the entries of `role`: "never change or remove an entry of an admin, owner or system user" (resolutions). */
export function isFirm(role: Role | undefined): boolean {
  return role === "system" || isModerator(role);
}

/** "among equals the more privileged, but `banned` among equals wins" (resolutions, default role). */
export function strongest(roles: readonly (Role | undefined)[]): Role | undefined {
  let best: Role | undefined;
  for (const role of roles) if (role !== undefined) best = best === undefined ? role : stronger(best, role);
  return best;
}

function stronger(one: Role, other: Role): Role {
  if (one === "banned" || other === "banned") return "banned";
  return outranks(other, one) ? other : one;
}

/**
 * The role that the policy's lists give to `user` (canonical URI) with these claims, which count; undefined when it stands in
 * none. "The most specific entry wins: user, then link, group, workgroup, domain … a ban of a group, workgroup or domain yields to
 * an explicit user entry" (resolutions, default role). {@link listedRole} asks this of a room.
 */
export function entryRole(policy: RoomPolicy, user: string, claims: UserClaims | undefined): Role | undefined {
  const { users, groups, workgroups, domains } = indexOf(policy);
  return (
    users.get(user) ??
    strongest((claims?.groups ?? []).map((uri) => groups.get(uri))) ??
    strongest((claims?.workgroups ?? []).map((uri) => workgroups.get(uri))) ??
    domainRole(domains, user, claims !== undefined)
  );
}

/** A domain that is banned is read from the user's URI; what is granted to one is for users whose provider says that they are its. */
function domainRole(domains: ReadonlyMap<string, Role>, user: string, claimed: boolean): Role | undefined {
  if (domains.size === 0) return undefined;
  const role = domains.get(domainOf(user));
  return claimed || role === "banned" ? role : undefined;
}

/** Whether the policy lists anything but users: else nobody's claims need to be looked at. */
export function listsMoreThanUsers(policy: RoomPolicy): boolean {
  const { groups, workgroups, domains } = indexOf(policy);
  return groups.size + workgroups.size + domains.size > 0;
}

/** The user URIs that stand in the policy's user entries, with their roles. */
export function listedUsers(policy: RoomPolicy): ReadonlyMap<string, Role> {
  return indexOf(policy).users;
}

/** The bot that `user` is by the policy's allowed_bots. */
export function botOf(policy: RoomPolicy, user: string): Bot | undefined {
  return indexOf(policy).bots.get(user);
}

/** What the policy names as logging clients: URIs of clients, or of users for all their clients. */
export function listedLoggers(policy: RoomPolicy): ReadonlySet<string> {
  return indexOf(policy).loggingUris;
}

/** Whether `user` is one whose logging client the policy names: admitted, without voice (framework draft, 7.4.2). */
export function isLogger(policy: RoomPolicy, user: string): boolean {
  return indexOf(policy).loggers.has(user);
}

/** A URI of the policy in the spelling that comparisons use; undefined when it is none (an invalid policy). */
export function canonicalEntry(uri: string): string | undefined {
  return unlessMalformed(() => canonicalMimiUri(uri));
}

/**
 * A preauth_domain in canonical spelling: "a bare A-label domain on the wire; the URI form is accepted on input", which is a
 * provider's: a user's URI names no domain, lest a ban of one user were a ban of all its neighbours.
 */
export function canonicalDomain(domain: string): string | undefined {
  const uri = unlessMalformed(() => parseMimiUri(/[=/]/u.test(domain) ? domain : `mimi://${domain}`));
  return uri?.kind === "provider" ? uri.domain : undefined;
}

interface PolicyIndex {
  readonly users: ReadonlyMap<string, Role>;
  readonly groups: ReadonlyMap<string, Role>;
  readonly workgroups: ReadonlyMap<string, Role>;
  readonly domains: ReadonlyMap<string, Role>;
  readonly bots: ReadonlyMap<string, Bot>;
  readonly loggingUris: ReadonlySet<string>;
  /** The users of those. */
  readonly loggers: ReadonlySet<string>;
}

// Rooms of thousands ask for every occupant's role: a policy's lists are read once. Policies are never changed in place.
const indexes = new WeakMap<RoomPolicy, PolicyIndex>();

function indexOf(policy: RoomPolicy): PolicyIndex {
  const known = indexes.get(policy);
  if (known !== undefined) return known;
  const lists = policy.preAuthList;
  const users = entriesOf(lists, ({ preauthUser }) => preauthUser.map(canonicalEntry));
  // "A virtual user of one of the providers" (2.3) is made by its own entry: nobody becomes one by a claim
  const wide = lists.filter(({ targetRole }) => targetRole !== "system");
  // "The bot_role indicates if the chat bot would be treated as a system-user, owner, admin, …" (7.4.4)
  const bots = new Map<string, Bot>();
  for (const bot of policy.allowedBots) {
    give(users, canonicalEntry(bot.name), bot.botRole);
    bots.set(canonicalEntry(bot.name) ?? bot.name, bot);
  }
  const loggingUris = present(policy.loggingPolicy.loggingClients.map(canonicalEntry));
  const loggers = new Set(Array.from(loggingUris, (uri) => unlessMalformed(() => userOfClient(uri)) ?? uri));
  const index = {
    users,
    groups: entriesOf(wide, ({ preauthGroup }) => preauthGroup.map(canonicalEntry)),
    workgroups: entriesOf(wide, ({ preauthWorkgroup }) => preauthWorkgroup.map(canonicalEntry)),
    domains: entriesOf(wide, ({ preauthDomain }) => preauthDomain.map(canonicalDomain)),
    bots,
    loggingUris,
    loggers,
  };
  indexes.set(policy, index);
  return index;
}

function entriesOf(
  lists: readonly PreAuthPerRoleList[],
  namesIn: (list: PreAuthPerRoleList) => readonly (string | undefined)[],
): Map<string, Role> {
  const roles = new Map<string, Role>();
  for (const list of lists) for (const name of namesIn(list)) give(roles, name, list.targetRole);
  return roles;
}

function give(roles: Map<string, Role>, name: string | undefined, role: Role): void {
  if (name === undefined) return;
  const other = roles.get(name);
  roles.set(name, other === undefined ? role : stronger(other, role));
}

function present(values: readonly (string | undefined)[]): ReadonlySet<string> {
  return new Set(values.filter((value) => value !== undefined));
}
