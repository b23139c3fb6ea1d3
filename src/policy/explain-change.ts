import type { Member } from "../codec/group-view.js";
import type { Role, RoomPolicy } from "../codec/room-policy.js";
import { describePolicy, type PolicyFact } from "./describe-policy.js";
import { excludedBy } from "./excluded-by.js";
import { listedUsers } from "./roles.js";
import { listedRole, type RoomState, roleOf } from "./room-state.js";
import { rosterOf } from "./roster.js";
import { maySendMessage } from "./rules/send-message.js";

/** One consequence of a change of the policy. `users` are inside, by canonical URI. */
export type ChangeEffect =
  /** All their clients are taken out, since the new policy has no place for them. */
  | { readonly kind: "removed"; readonly users: readonly string[] }
  /** Some of their clients are taken out, and at least one stays. */
  | { readonly kind: "losesDevices"; readonly users: readonly string[] }
  | { readonly kind: "losesVoice"; readonly users: readonly string[] }
  | { readonly kind: "gainsVoice"; readonly users: readonly string[] }
  /** The user, who need not be inside, has another place in the policy's lists, and another role by it. */
  | { readonly kind: "roleChanged"; readonly user: string; readonly from: Role; readonly to: Role }
  /** What a visitor is told of the room is another. */
  | { readonly kind: "fact"; readonly before: PolicyFact | undefined; readonly after: PolicyFact | undefined };

/** What happens to whom when `policy` takes the place of the room's, with {@link excludedBy} removed. */
export function explainChange(before: RoomState, policy: RoomPolicy): ChangeEffect[] {
  const gone = new Set(excludedBy(before, policy));
  const after = { ...before, policy, members: before.members.filter((member) => !gone.has(member)) };
  const staying = rosterOf(after.members);
  const fewer = new Set(Array.from(gone, ({ userUri }) => userUri));
  const inside = [...rosterOf(before.members).keys()];
  const had = new Set(inside.filter((user) => maySendMessage(before, user).allowed));
  const has = new Set(inside.filter((user) => maySendMessage(after, user).allowed));
  return [
    ...happensTo(
      "removed",
      inside.filter((user) => !staying.has(user)),
    ),
    ...happensTo(
      "losesDevices",
      inside.filter((user) => staying.has(user) && fewer.has(user)),
    ),
    ...happensTo(
      "losesVoice",
      inside.filter((user) => staying.has(user) && had.has(user) && !has.has(user)),
    ),
    ...happensTo(
      "gainsVoice",
      inside.filter((user) => staying.has(user) && !had.has(user) && has.has(user)),
    ),
    ...changedRoles(before, after, inside),
    ...changedFacts(describePolicy(before.policy), describePolicy(policy)),
  ];
}

type Happening = Extract<ChangeEffect, { readonly users: readonly string[] }>["kind"];

function happensTo(kind: Happening, users: readonly string[]): ChangeEffect[] {
  return users.length > 0 ? [{ kind, users }] : [];
}

/** Another default role is another voice, and that is told above: here stand those whose own entry is another. */
function changedRoles(before: RoomState, after: RoomState, inside: readonly string[]): ChangeEffect[] {
  const users = new Set([...inside, ...listedUsers(before.policy).keys(), ...listedUsers(after.policy).keys()]);
  const staying = rosterOf(after.members);
  // who is taken out is still judged by what its clients claim
  const outside = (user: string): readonly Member[] =>
    staying.has(user) ? [] : (rosterOf(before.members).get(user) ?? []);
  return Array.from(users)
    .map((user) => ({ user, clients: outside(user) }))
    .filter(({ user, clients }) => listedRole(before, user) !== listedRole(after, user, clients))
    .map(({ user, clients }) => ({ user, from: roleOf(before, user), to: roleOf(after, user, clients) }))
    .filter(({ from, to }) => from !== to)
    .map((change) => ({ kind: "roleChanged" as const, ...change }));
}

// Facts that exclude each other are one statement that changes.
const TOPICS: Partial<Record<PolicyFact["kind"], string>> = {
  anyoneMayJoin: "membership",
  membersOnly: "membership",
  fixedMembership: "membership",
  partOfAnotherRoom: "membership",
  noHistoryForNewcomers: "history",
  historyShared: "history",
  logged: "logging",
  notLogged: "logging",
};

function changedFacts(before: readonly PolicyFact[], after: readonly PolicyFact[]): ChangeEffect[] {
  const topicOf = ({ kind }: PolicyFact): string => TOPICS[kind] ?? kind;
  const old = new Map(before.map((fact) => [topicOf(fact), fact]));
  const now = new Map(after.map((fact) => [topicOf(fact), fact]));
  return Array.from(new Set([...old.keys(), ...now.keys()]))
    .map((topic) => ({ kind: "fact" as const, before: old.get(topic), after: now.get(topic) }))
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after));
}
