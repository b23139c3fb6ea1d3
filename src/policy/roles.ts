import { unlessMalformed } from "../codec/codec-error.js";
import { canonicalMimiUri, domainOf, parseMimiUri, userOfClient } from "../codec/mimi-uri.js";
import type { Bot, Role, RoomPolicy } from "../codec/room-policy.js";

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

/**
 * The role that the policy gives `user` (canonical URI) in its lists; undefined when it stands in none. "The most
 * specific entry wins … among equals the more privileged, but `banned` among equals wins … a ban of a group, workgroup
 * or domain yields to an explicit user entry" (resolutions, default role).
 *
 * A domain that is banned is taken from the user's URI. Roles *granted* to a domain, workgroup or group need a claim in
 * the leaf, signed by the user's provider, which no leaf carries yet: they grant nothing.
 */
export function listedRole(policy: RoomPolicy, user: string): Role | undefined {
  const { users, bannedDomains } = indexOf(policy);
  const role = users.get(user);
  if (role !== undefined) return role;
  return bannedDomains.size > 0 && bannedDomains.has(domainOf(user)) ? "banned" : undefined;
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
  readonly bannedDomains: ReadonlySet<string>;
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
  const users = new Map<string, Role>();
  const give = (uri: string, role: Role): void => {
    const user = canonicalEntry(uri);
    if (user === undefined) return;
    const other = users.get(user);
    if (other === undefined || role === "banned" || (other !== "banned" && outranks(role, other)))
      users.set(user, role);
  };
  for (const { targetRole, preauthUser } of policy.preAuthList) for (const uri of preauthUser) give(uri, targetRole);
  // "The bot_role indicates if the chat bot would be treated as a system-user, owner, admin, …" (7.4.4)
  const bots = new Map<string, Bot>();
  for (const bot of policy.allowedBots) {
    give(bot.name, bot.botRole);
    bots.set(canonicalEntry(bot.name) ?? bot.name, bot);
  }

  const banned = policy.preAuthList.filter(({ targetRole }) => targetRole === "banned");
  const bannedDomains = banned.flatMap(({ preauthDomain }) => preauthDomain.map(canonicalDomain));
  const loggingUris = present(policy.loggingPolicy.loggingClients.map(canonicalEntry));
  const loggers = new Set(Array.from(loggingUris, (uri) => unlessMalformed(() => userOfClient(uri)) ?? uri));
  const index = { users, bannedDomains: present(bannedDomains), bots, loggingUris, loggers };
  indexes.set(policy, index);
  return index;
}

function present(values: readonly (string | undefined)[]): ReadonlySet<string> {
  return new Set(values.filter((value) => value !== undefined));
}
