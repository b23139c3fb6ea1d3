import { parseMimiUri, userUri } from "../codec/mimi-uri.js";
import type { PreAuthPerRoleList, RoomPolicy } from "../codec/room-policy.js";
import { entriesOf } from "../policy/plain-policy.js";
import { canonicalEntry, listedUsers } from "../policy/roles.js";
import type { Standing } from "../worker/organiser-api.js";
import { problem } from "./engine-problem.js";

/** Every place that a user may be given. */
export const STANDINGS: readonly Standing[] = ["owner", "admin", "regular_user", "visitor", "none", "banned"];

/** The place of `user` (canonical URI) among the policy's users. */
export function standingOf(policy: RoomPolicy, user: string): Standing | "system" {
  return listedUsers(policy).get(user) ?? "none";
}

/** The policy with `user` in that place and in no other. Empty lists go. */
export function withStanding(policy: RoomPolicy, user: string, standing: Standing): RoomPolicy {
  const without = policy.preAuthList
    .map((list) => ({ ...list, preauthUser: list.preauthUser.filter((uri) => canonicalEntry(uri) !== user) }))
    .filter((list) => !isEmpty(list));
  return { ...policy, preAuthList: standing === "none" ? without : withEntry(without, user, standing) };
}

/** The canonical URI of a user in any spelling. Throws EngineProblem `invalidAddress`. */
export function readUser(input: string): string {
  try {
    const uri = parseMimiUri(input);
    if (uri.kind === "user") return userUri(uri.domain, uri.user);
  } catch {
    // said below
  }
  throw problem("invalidAddress", "Not a user's URI.");
}

function withEntry(
  lists: readonly PreAuthPerRoleList[],
  user: string,
  targetRole: Exclude<Standing, "none">,
): PreAuthPerRoleList[] {
  const at = lists.findIndex((list) => list.targetRole === targetRole);
  if (at >= 0) {
    return lists.map((list, n) => (n === at ? { ...list, preauthUser: [...list.preauthUser, user] } : list));
  }
  return [...lists, entriesOf(targetRole, [user])];
}

function isEmpty({ preauthDomain, preauthWorkgroup, preauthGroup, preauthUser }: PreAuthPerRoleList): boolean {
  return preauthDomain.length + preauthWorkgroup.length + preauthGroup.length + preauthUser.length === 0;
}
