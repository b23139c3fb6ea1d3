import { equalBytes } from "../../codec/bytes.js";
import { type Role, type RoomPolicy, roomPolicy } from "../../codec/room-policy.js";
import { encode } from "../../codec/tls.js";
import { all, allow, type Decision, deny, every } from "../decision.js";
import { canonicalDomain, canonicalEntry, isFirm } from "../roles.js";

/** The policy extension that holds a room's join links (resolutions, "Join links"). */
const JOIN_LINKS = "join_links";

const LEVELS = ["preauthDomain", "preauthWorkgroup", "preauthGroup", "preauthUser"] as const;
type Level = (typeof LEVELS)[number];

/**
 * Whether the change from `before` to `after` is one that an admin may make: "add, change and remove entries whose old
 * and new roles are regular_user, visitor or banned, add admins, and manage join links; never change or remove an entry
 * of an admin, owner or system user" (resolutions, 2.3 against 5.11).
 */
export function changesMembershipOnly(before: RoomPolicy, after: RoomPolicy): Decision {
  if (!equalBytes(withoutMembership(before), withoutMembership(after))) return deny("5.11/admin-membership-only");
  return every(LEVELS, (level) => mayChangeEntries(level, entriesAt(before, level), entriesAt(after, level)));
}

/** An entry as it stands under a role; that a domain or a group stands under two roles is not invalid. */
interface Entry {
  readonly uri: string;
  readonly role: Role;
}

function mayChangeEntries(level: Level, old: readonly Entry[], now: readonly Entry[]): Decision {
  const lasting = new Set(old.filter(({ role }) => isFirm(role)).map(({ uri }) => uri));
  return all(
    () => every(missing(old, now), ({ role }) => (isFirm(role) ? deny("5.11/outranked") : allow)),
    () =>
      every(missing(now, old), ({ uri, role }) => {
        if (lasting.has(uri) || role === "system" || role === "owner") return deny("5.11/outranked");
        // "Admins ban users only"
        return role === "banned" && level !== "preauthUser" ? deny("5.11/admin-membership-only") : allow;
      }),
  );
}

/** The entries that stand in `list` and not in `other`. */
function missing(list: readonly Entry[], other: readonly Entry[]): readonly Entry[] {
  const there = new Set(other.map(({ uri, role }) => `${role} ${uri}`));
  return list.filter(({ uri, role }) => !there.has(`${role} ${uri}`));
}

/** The entries of one level; a bot's role is an entry of its user (7.4.4). */
function entriesAt({ preAuthList, allowedBots }: RoomPolicy, level: Level): readonly Entry[] {
  const canonical = level === "preauthDomain" ? canonicalDomain : canonicalEntry;
  const listed = preAuthList.flatMap((list) => list[level].map((uri) => ({ uri, role: list.targetRole })));
  const bots = level === "preauthUser" ? allowedBots.map(({ name, botRole }) => ({ uri: name, role: botRole })) : [];
  return [...listed, ...bots].map(({ uri, role }) => ({ uri: canonical(uri) ?? uri, role }));
}

function withoutMembership(policy: RoomPolicy): Uint8Array {
  return encode(roomPolicy, {
    ...policy,
    preAuthList: [],
    linkPolicy: { onRequest: false, joinLink: "", multiuser: false, expiration: 0, linkRequests: "" },
    policyExtensions: policy.policyExtensions.filter(({ name }) => name !== JOIN_LINKS),
  });
}
