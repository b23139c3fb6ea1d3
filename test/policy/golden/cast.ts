import type { Member, SenderView } from "../../../src/codec/group-view.js";
import { userOfClient } from "../../../src/codec/mimi-uri.js";
import type { MembershipStyle, Role, RoomPolicy } from "../../../src/codec/room-policy.js";
import type { RoomState } from "../../../src/policy/room-state.js";
import { alice, client, hub, policyOf, roomOf } from "../../support/policy-room.js";

/** Who acts or is acted on: a role that the policy lists, or none of its entries. */
export const standings = ["system", "owner", "admin", "regular_user", "visitor", "banned", "unlisted"] as const;
export type Standing = (typeof standings)[number];

/** Who acts besides those: the hub's own system user, an external sender. */
export const actors = [...standings, "hub"] as const;
export type Actor = (typeof actors)[number];

/** One kind of room of the table. */
export interface RoomKind {
  readonly membershipStyle: MembershipStyle;
  readonly moderated: boolean;
  readonly multiDevice: boolean;
}

export const membershipStyles: readonly MembershipStyle[] = [
  "open",
  "members_only",
  "fixed_membership",
  "parent_dependent",
];

/** The columns of a line. */
export const flags: readonly Omit<RoomKind, "membershipStyle">[] = [
  { moderated: false, multiDevice: true },
  { moderated: true, multiDevice: true },
  { moderated: false, multiDevice: false },
  { moderated: true, multiDevice: false },
];

/** The clients of whoever acts and whoever is acted on: two of every standing, so that nobody need act on itself. */
export const acting = cast("a");
export const target = cast("b");
export const targetPhone = cast("b", "phone");
export const actingPhone = cast("a", "phone");

function cast(letter: string, device = "1"): Readonly<Record<Standing, Member>> {
  const member = (standing: Standing): Member => client("example.com", `${standing}-${letter}`, device);
  return {
    system: member("system"),
    owner: member("owner"),
    admin: member("admin"),
    regular_user: member("regular_user"),
    visitor: member("visitor"),
    banned: member("banned"),
    unlisted: member("unlisted"),
  };
}

/** The user entries of every room of the table; `moved` stands under `to` instead, or nowhere. */
export function entries(moved?: { readonly user: string; readonly to: Role | undefined }): Record<Role, string[]> {
  const users = (role: Exclude<Standing, "unlisted">): string[] => {
    const listed = [acting[role], target[role]].map(({ clientUri }) => userOfClient(clientUri));
    const staying = listed.filter((user) => user !== moved?.user);
    return moved?.to === role ? [...staying, moved.user] : staying;
  };
  return {
    system: [hub, ...users("system")],
    // Alice is always there, so that no cell is about the last owner but those that are meant to be
    owner: [alice.userUri, ...users("owner")],
    admin: users("admin"),
    regular_user: users("regular_user"),
    visitor: users("visitor"),
    banned: users("banned"),
  };
}

export function policyFor(kind: RoomKind, roles = entries(), changes: Partial<RoomPolicy> = {}): RoomPolicy {
  const parentRoomUri = kind.membershipStyle === "parent_dependent" ? "mimi://example.com/r/parent" : "";
  return policyOf({ ...kind, parentRoomUri, ...changes }, roles);
}

const empty = new Map<RoomKind, RoomState>();

/** The room with these clients inside; its policy is read once for all its cells. */
export function roomFor(kind: RoomKind, inside: readonly Member[]): RoomState {
  const base = empty.get(kind) ?? roomOf(policyFor(kind), []);
  empty.set(kind, base);
  return { ...base, members: inside.map((member, leafIndex) => ({ ...member, leafIndex })) };
}

/** The actor as it stands inside the room, or as the hub from outside. */
export function senderIn(room: RoomState, actor: Actor): SenderView {
  if (actor === "hub") return { kind: "external", senderIndex: 0 };
  const seat = room.members.find(({ clientUri }) => clientUri === acting[actor].clientUri);
  if (seat === undefined) throw new Error(`${actor} is not inside`);
  return { kind: "member", member: seat };
}
