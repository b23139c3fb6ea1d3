import type { ExtensionView, Member } from "../../../src/codec/group-view.js";
import { EXTENSION } from "../../../src/codec/leaf-extensions.js";
import { domainOf } from "../../../src/codec/mimi-uri.js";
import { type MembershipStyle, type Role, type RoomPolicy, roomPolicy } from "../../../src/codec/room-policy.js";
import { encode } from "../../../src/codec/tls.js";
import { accepts } from "../../../src/policy/acceptance.js";
import { isModerator } from "../../../src/policy/roles.js";
import { listedRole, type RoomState, roleOf } from "../../../src/policy/room-state.js";
import { claiming, client, extensionsOf, hub, policyOf, room } from "../../support/policy-room.js";
import { listing } from "../../support/wide-policy.js";
import type { Tape } from "./tape.js";

/** Users of two providers, each with two clients; one is a guest, by a name that only looks random. */
const names = ["ann", "ben", "cleo", "dan", "g-Zmh6rfhivXdsj8GLjp-OIAiXFIVu4jOzkCpZHQ1fKSU", "fay", "gus"] as const;
const domains = ["example.com", "other.example"] as const;
export const cast: readonly (readonly [Member, Member])[] = names.map((name, index) => {
  const domain = domains[index % 2] ?? domains[0];
  // the second client of some says that it does not accept one thing
  const [logging, bots, pseudonyms] = [index % 4 !== 1, index % 4 !== 2, index % 4 !== 3];
  const acceptance = { logging, history: true, bots, receipts: true, pseudonyms };
  const first = client(domain, name, "1");
  const second = { ...client(domain, name, "2"), ...(index % 4 > 0 && { acceptance }) };
  return [said(first, index), said(second, index + 1)];
});

/** Some say nothing of groups, some this, some that; one by a key that no room knows. */
function said(member: Member, index: number): Member {
  const domain = domainOf(member.userUri);
  const [hikers, staff] = [`mimi://${domain}/r/hikers`, `mimi://${domain}/r/staff`];
  switch (index % 5) {
    case 0:
      return member;
    case 1:
      return claiming(member, { groups: [hikers] });
    case 2:
      return claiming(member, { workgroups: [staff] });
    case 3:
      return claiming(member, { groups: [hikers, `mimi://${domain}/r/runners`], workgroups: [staff] });
    default:
      return claiming(member, { groups: [hikers] }, "mallory");
  }
}
export const everyClient: readonly Member[] = cast.flat();
export const users: readonly string[] = cast.map(([{ userUri }]) => userUri);

const styles: readonly MembershipStyle[] = ["open", "members_only", "fixed_membership", "parent_dependent"];
const roles: readonly (Role | undefined)[] = [
  undefined,
  "regular_user",
  "admin",
  "owner",
  "visitor",
  "banned",
  "system",
  undefined,
];

/** Any policy over these users, valid or not. */
export function anyPolicy(tape: Tape, style = tape.pick(styles)): RoomPolicy {
  const lists: Record<Role, string[]> = {
    system: [hub],
    owner: [],
    admin: [],
    regular_user: [],
    visitor: [],
    banned: [],
  };
  for (const user of users) {
    const role = tape.pick(roles);
    if (role !== undefined) lists[role].push(user);
  }
  const policy = policyOf(
    {
      membershipStyle: style,
      multiDevice: !tape.once(2),
      moderated: tape.once(2),
      parentRoomUri: style === "parent_dependent" ? "mimi://example.com/r/parent" : "",
      passwordProtected: tape.once(9),
      pseudonymousIds: !tape.once(5),
      persistentRoom: !tape.once(4),
      ...(tape.once(6) ? { loggingPolicy: logging(tape.pick(users)) } : {}),
      ...(tape.once(6) ? { allowedBots: [bot(tape.pick(users), tape)] } : {}),
    },
    lists,
  );
  return tape.once(2) && style !== "fixed_membership" ? widened(tape, policy) : policy;
}

/** The policy with entries of groups, workgroups and domains too. */
function widened(tape: Tape, policy: RoomPolicy): RoomPolicy {
  const entries: Parameters<typeof listing>[0][number][] = [];
  for (const domain of domains) {
    for (const [level, entry] of [
      ["preauthGroup", `mimi://${domain}/r/hikers`],
      ["preauthGroup", `mimi://${domain}/r/runners`],
      ["preauthWorkgroup", `mimi://${domain}/r/staff`],
      ["preauthDomain", domain],
    ] as const) {
      const targetRole = tape.pick(roles);
      if (targetRole !== undefined) entries.push({ targetRole, [level]: [entry] });
    }
  }
  return listing(entries, policy);
}

export function logging(user: string): RoomPolicy["loggingPolicy"] {
  const loggingClients = [user];
  return { logging: "required", enabled: true, loggingClients, machineReadablePolicy: "", humanReadablePolicy: "" };
}

export function bot(name: string, tape: Tape): RoomPolicy["allowedBots"][number] {
  return {
    name,
    description: "",
    homepage: "",
    botRole: tape.pick(["regular_user", "admin", "owner", "visitor"] as const),
    canRead: true,
    canWrite: tape.once(2),
    canTargetMessageInGroup: false,
    perUserContent: false,
  };
}

/** A room with any of these clients inside, rightly or not. */
export function anyRoom(tape: Tape, style?: MembershipStyle): RoomState {
  const inside = everyClient.filter(() => tape.below(5) < 2);
  return stateOf(anyPolicy(tape, style), inside, tape.once(3) ? [hub, "mimi://other.example"] : [hub]);
}

function stateOf(policy: RoomPolicy, inside: readonly Member[], externalSenders: readonly string[]): RoomState {
  const members = inside.map((member, leafIndex) => ({ ...member, leafIndex }));
  return { room, hub, policy, members, extensions: extensionsWith(policy, externalSenders) };
}

const others = new Map<string, readonly ExtensionView[]>();

/** `extensionsOf`, which encodes what does not change only once: a hundred thousand rooms are made here. */
export function extensionsWith(policy: RoomPolicy, externalSenders: readonly string[]): readonly ExtensionView[] {
  const key = externalSenders.join(" ");
  const rest = others.get(key) ?? extensionsOf(policyOf(), externalSenders).slice(1);
  others.set(key, rest);
  return [{ type: EXTENSION.roomPolicy, data: encode(roomPolicy, policy) }, ...rest];
}

/** The room's extensions with another policy. */
export function withPolicy({ extensions }: RoomState, policy: RoomPolicy): readonly ExtensionView[] {
  return [{ type: EXTENSION.roomPolicy, data: encode(roomPolicy, policy) }, ...extensions.slice(1)];
}

/**
 * A room as its rules leave it: an owner or admin inside, nobody banned, nobody in a room that it does not accept, one client a user
 * where it is single-device, and in a fixed-membership room nobody who is not listed. Undefined where this tape has no owner or
 * admin.
 */
export function soundRoom(tape: Tape, style?: MembershipStyle): RoomState | undefined {
  const room = anyRoom(tape, style);
  const { policy } = room;
  const moderator = cast.find(([first]) => isModerator(listedRole(room, first.userUri, [first])));
  if (moderator === undefined) return undefined;
  const seen = new Set<string>([moderator[0].userUri]);
  const rest = room.members.filter(({ clientUri, userUri, acceptance }) => {
    const again = seen.has(userUri);
    seen.add(userUri);
    return (
      clientUri !== moderator[0].clientUri &&
      roleOf(room, userUri) !== "banned" &&
      (policy.multiDevice || !again) &&
      accepts(acceptance, policy).allowed &&
      (policy.membershipStyle !== "fixed_membership" || listedRole(room, userUri) !== undefined)
    );
  });
  const sound = { ...room, members: [moderator[0], ...rest].map((member, leafIndex) => ({ ...member, leafIndex })) };
  // which its other client may have made it, that is not there now
  return isModerator(roleOf(sound, moderator[0].userUri)) ? sound : undefined;
}
