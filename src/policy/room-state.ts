import type { ExtensionView, GroupView, Member } from "../codec/group-view.js";
import type { UserClaims } from "../codec/leaf-extensions.js";
import { canonicalMimiUri, domainOf, providerUri } from "../codec/mimi-uri.js";
import { type Role, type RoomPolicy, roomPolicy } from "../codec/room-policy.js";
import { decode } from "../codec/tls.js";
import { providesKey } from "./group-extensions.js";
import { entryRole, isLogger, listsMoreThanUsers, strongest } from "./roles.js";
import { rosterOf } from "./roster.js";

/** A room as policy sees it: nothing but what its GroupContext and tree say, so that everyone decides alike. */
export interface RoomState {
  /** The room's canonical URI. */
  readonly room: string;
  /** The canonical URI of the provider that owns the room; it names the hub's system user. */
  readonly hub: string;
  readonly policy: RoomPolicy;
  /** Every client in the group; empty while the room has no group. */
  readonly members: readonly Member[];
  /** The GroupContext's extensions; empty while the room has no group. */
  readonly extensions: readonly ExtensionView[];
}

/** The room whose group this is. Throws CodecError when the group's policy is malformed. */
export function roomStateOf(view: GroupView, room: string, hub: string): RoomState {
  return {
    room: canonicalMimiUri(room),
    hub: canonicalMimiUri(hub),
    policy: policyIn(view.roomPolicy),
    members: view.members,
    extensions: view.extensions,
  };
}

// A policy may be long, and stays the same memory over many epochs.
const policies = new WeakMap<Uint8Array, RoomPolicy>();

function policyIn(bytes: Uint8Array): RoomPolicy {
  const policy = policies.get(bytes) ?? decode(roomPolicy, bytes);
  policies.set(bytes, policy);
  return policy;
}

/** A persistent room while it has no group. */
export function roomWithoutGroup(policy: RoomPolicy, room: string, hub: string): RoomState {
  return { room: canonicalMimiUri(room), hub: canonicalMimiUri(hub), policy, members: [], extensions: [] };
}

/** A client by what its provider says of its user. */
type Claimant = Pick<Member, "claims">;

/**
 * The role that the policy's lists give to `user` (canonical URI), by its own entry or by the claims of its clients: those inside
 * and `others` of it, who come in or were taken out. Undefined when it stands in none.
 *
 * Each client is judged by its own claims, as if it were alone; "among equals the more privileged, but `banned` among equals wins".
 * So none comes in that would be banned alone, and nobody is banned by another's leaving.
 */
export function listedRole(room: RoomState, user: string, others: readonly Claimant[] = []): Role | undefined {
  const { policy } = room;
  if (!listsMoreThanUsers(policy)) return entryRole(policy, user, undefined);
  const clients: readonly Claimant[] = [...(rosterOf(room.members).get(user) ?? []), ...others];
  if (clients.length === 0) return entryRole(policy, user, undefined);
  return strongest(clients.map((client) => entryRole(policy, user, countedClaims(room, user, client))));
}

/** "a statement signed by the user's provider, whose key is the provider's entry in `external_senders`" (resolutions). */
function countedClaims({ extensions }: RoomState, user: string, { claims }: Claimant): UserClaims | undefined {
  if (claims === undefined) return undefined;
  return providesKey(extensions, providerUri(domainOf(user)), claims.providerKey) ? claims : undefined;
}

/**
 * The role of `user` (canonical URI), once inside: "system users aside, a user in the room without an entry is
 * `regular_user`, or `visitor` where the room is moderated" (resolutions). Logging clients are admitted without voice. `others` as for {@link listedRole}.
 */
export function roleOf(room: RoomState, user: string, others: readonly Claimant[] = []): Role {
  if (user === room.hub) return "system";
  const listed = listedRole(room, user, others);
  if (listed !== undefined) return listed;
  return room.policy.moderated || isLogger(room.policy, user) ? "visitor" : "regular_user";
}

/** Whether `user` has a client in the group. */
export function isInside(room: RoomState, user: string): boolean {
  return rosterOf(room.members).has(user);
}
