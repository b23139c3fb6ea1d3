import type { PreAuthPerRoleList, Role, RoomPolicy } from "../../src/codec/room-policy.js";
import { bob, claiming, policyOf } from "./policy-room.js";

export const HIKERS = "mimi://example.com/r/hikers";
export const RUNNERS = "mimi://example.com/r/runners";
export const STAFF = "mimi://example.com/r/staff";
/** The other provider, and a group of it. */
export const EVERYWHERE = "mimi://other.example";
export const OTHER_HIKERS = "mimi://other.example/r/hikers";

type Entries = Partial<PreAuthPerRoleList> & { readonly targetRole: Role };

const LEVELS = ["preauthDomain", "preauthWorkgroup", "preauthGroup", "preauthUser"] as const;

/** The policy with more entries, among them of groups, workgroups and domains; one list a role. */
export function listing(more: readonly Entries[], base = policyOf()): RoomPolicy {
  const lists = new Map(base.preAuthList.map((list) => [list.targetRole, list]));
  const none = { preauthDomain: [], preauthWorkgroup: [], preauthGroup: [], preauthUser: [] };
  for (const entries of more) {
    const { targetRole } = entries;
    const list = { targetRole, ...none, ...lists.get(targetRole) };
    for (const level of LEVELS) list[level] = [...list[level], ...(entries[level] ?? [])];
    lists.set(targetRole, list);
  }
  return { ...base, preAuthList: [...lists.values()] };
}

export const group = (targetRole: Role, ...preauthGroup: string[]) => ({ targetRole, preauthGroup });
export const workgroup = (targetRole: Role, ...preauthWorkgroup: string[]) => ({ targetRole, preauthWorkgroup });
export const domain = (targetRole: Role, ...preauthDomain: string[]) => ({ targetRole, preauthDomain });
export const user = (targetRole: Role, ...preauthUser: string[]) => ({ targetRole, preauthUser });

/** Bob, who claims to be of the hikers. */
export const hiker = claiming(bob, { groups: [HIKERS] });
