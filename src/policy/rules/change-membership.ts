import { equalBytes } from "../../codec/bytes.js";
import { type PreAuthPerRoleList, type Role, type RoomPolicy, roomPolicy } from "../../codec/room-policy.js";
import { encode } from "../../codec/tls.js";
import { allow, type Decision, deny, every } from "../decision.js";
import { canonicalDomain, canonicalEntry } from "../roles.js";

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
  return every(LEVELS, (level) => {
    const old = rolesAt(before, level);
    const now = rolesAt(after, level);
    return every(new Set([...old.keys(), ...now.keys()]), (entry) =>
      mayChangeEntry(level, old.get(entry), now.get(entry)),
    );
  });
}

function mayChangeEntry(level: Level, old: Role | undefined, now: Role | undefined): Decision {
  if (old === now) return allow;
  if (old === "system" || old === "owner" || old === "admin") return deny("5.11/outranked");
  if (now === "system" || now === "owner") return deny("5.11/outranked");
  // "Admins ban users only"
  return now === "banned" && level !== "preauthUser" ? deny("5.11/admin-membership-only") : allow;
}

/** The entries of one level with their roles; a valid policy lists nothing under two roles. */
function rolesAt(policy: RoomPolicy, level: Level): ReadonlyMap<string, Role> {
  const canonical = level === "preauthDomain" ? canonicalDomain : canonicalEntry;
  const pairs = (list: PreAuthPerRoleList): readonly [string, Role][] =>
    list[level].map((entry) => [canonical(entry) ?? entry, list.targetRole]);
  return new Map(policy.preAuthList.flatMap(pairs));
}

function withoutMembership(policy: RoomPolicy): Uint8Array {
  return encode(roomPolicy, {
    ...policy,
    preAuthList: [],
    linkPolicy: { onRequest: false, joinLink: "", multiuser: false, expiration: 0, linkRequests: "" },
    policyExtensions: policy.policyExtensions.filter(({ name }) => name !== JOIN_LINKS),
  });
}
