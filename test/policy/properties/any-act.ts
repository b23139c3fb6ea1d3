import type { CommitView, Member, ProposalView, SenderView } from "../../../src/codec/group-view.js";
import type { MembershipStyle, Role, RoomPolicy } from "../../../src/codec/room-policy.js";
import { excludedBy } from "../../../src/policy/excluded-by.js";
import { isModerator } from "../../../src/policy/roles.js";
import { type RoomState, roleOf, roomStateOf } from "../../../src/policy/room-state.js";
import { commitOf, hub, joining, policyOf } from "../../support/policy-room.js";
import { anyPolicy, bot, everyClient, extensionsWith, logging, users } from "./any-room.js";
import type { Tape } from "./tape.js";

const kinds = [
  "add",
  "remove",
  "selfRemove",
  "groupContextExtensions",
  "update",
  "psk",
  "add",
  "remove",
  "reInit",
  "externalInit",
  "unknown",
] as const;

/** Any proposal of `sender`. */
export function anyProposal(tape: Tape, room: RoomState, sender: SenderView): ProposalView {
  const kind = tape.pick(kinds);
  const own = "member" in sender ? sender.member : undefined;
  const seat = (): Member => (own !== undefined && tape.once(3) ? own : (one(tape, room.members) ?? everyone(tape)));
  switch (kind) {
    case "add":
      return { kind, sender, added: sender.kind === "newMemberProposal" ? sender.member : everyone(tape) };
    case "remove":
      return { kind, sender, removed: seat() };
    case "selfRemove":
      return { kind, sender, removed: own !== undefined && !tape.once(8) ? own : seat() };
    case "update":
      return { kind, sender, updated: own !== undefined && !tape.once(8) ? own : seat() };
    case "groupContextExtensions":
      return { kind, sender, extensions: extensionsWith(changedPolicy(tape, room.policy), anySenders(tape)) };
    case "unknown":
      return { kind, sender, type: 0xf000 + tape.below(9) };
    default:
      return { kind, sender };
  }
}

/** Any sender: mostly a member, at times the hub or a stranger. */
export function anySender(tape: Tape, room: RoomState): SenderView {
  const member = one(tape, room.members);
  if (member === undefined || tape.once(12)) return { kind: "newMemberProposal", member: everyone(tape) };
  return tape.once(12) ? { kind: "external", senderIndex: tape.below(3) } : { kind: "member", member };
}

/** Any commit that MLS lets pass (RFC 9420, 12.2): of a member, or of a joiner. */
export function anyCommit(tape: Tape, room: RoomState, options: { readonly systemUsers: boolean }): CommitView {
  const committer = one(tape, room.members);
  if (committer === undefined || tape.once(4)) return anyJoin(tape, room);
  const sender: SenderView = { kind: "member", member: committer };
  if (tape.once(4)) return staged(room, sender, anyPurge(tape, room, committer, options));
  const proposals: ProposalView[] = [];
  for (let count = 1 + tape.below(3); count > 0; count -= 1) {
    const proposer = tape.once(2) ? anySender(tape, room) : sender;
    const proposal = anyProposal(tape, room, proposer);
    if (!options.systemUsers && isSystem(room, proposer)) continue;
    if (fitsCommit(proposal, proposals, committer)) proposals.push(proposal);
  }
  return staged(room, sender, proposals);
}

/** A commit of somebody who may, and mostly one that is allowed: where only chance acts, a room stays as it is. */
export function likelyCommit(tape: Tape, room: RoomState): CommitView {
  const moderators = room.members.filter(({ userUri }) => isModerator(roleOf(room, userUri)));
  const owners = moderators.filter(({ userUri }) => roleOf(room, userUri) === "owner");
  const member = one(tape, tape.once(4) || owners.length === 0 ? moderators : owners);
  const outside = everyClient.filter(({ clientUri }) => !room.members.some((other) => other.clientUri === clientUri));
  const other = one(tape, outside);
  if (member === undefined || (other && tape.once(5))) {
    const joins = joining({ ...(other ?? everyone(tape)), leafIndex: room.members.length + 7 });
    return staged(room, joins, [{ kind: "externalInit", sender: joins }]);
  }
  const sender: SenderView = { kind: "member", member };
  switch (tape.below(5)) {
    case 0:
      return staged(room, sender, other ? [{ kind: "add", sender, added: other }] : []);
    case 1: {
      const kicked = one(tape, room.members)?.userUri;
      return staged(
        room,
        sender,
        removals(sender, kicked === member.userUri ? [] : room.members.filter(({ userUri }) => userUri === kicked)),
      );
    }
    default: {
      const policy = changedPolicy(tape, room.policy);
      const extensions = extensionsWith(policy, [hub]);
      const change: ProposalView = { kind: "groupContextExtensions", sender, extensions };
      const excluded = excludedBy(room, policy, member, extensions).filter((each) => each !== member);
      return staged(room, sender, [change, ...removals(sender, excluded)]);
    }
  }
}

function removals(sender: SenderView, removed: readonly Member[]): ProposalView[] {
  return removed.map((each) => ({ kind: "remove", sender, removed: each }));
}

/** Owners and admins take others out, and each other, with one commit of whoever is left. */
function anyPurge(
  tape: Tape,
  room: RoomState,
  committer: Member,
  options: { readonly systemUsers: boolean },
): readonly ProposalView[] {
  const moderators = room.members.filter(({ userUri }) => isModerator(roleOf(room, userUri)));
  const proposals: ProposalView[] = [];
  for (const removed of room.members) {
    const proposer = one(tape, moderators) ?? committer;
    const sender: SenderView = { kind: "member", member: proposer };
    if (removed.leafIndex === committer.leafIndex || tape.once(3)) continue;
    if (options.systemUsers || !isSystem(room, sender)) proposals.push({ kind: "remove", removed, sender });
  }
  return proposals;
}

/** Whether it is a provider's: what that removes is removed, whoever is left (resolutions, 5.8). */
function isSystem(room: RoomState, sender: SenderView): boolean {
  return sender.kind === "external" || roleOf(room, sender.member.userUri) === "system";
}

function anyJoin(tape: Tape, room: RoomState): CommitView {
  const joiner = { ...everyone(tape), leafIndex: room.members.length + 7 };
  const sender = joining(joiner);
  const old = room.members.filter(({ clientUri }) => clientUri === joiner.clientUri || tape.once(9));
  const proposals: ProposalView[] = old.map((removed) => ({ kind: "remove", removed, sender }));
  proposals.push({ kind: "externalInit", sender });
  const leaver = one(tape, room.members);
  if (leaver !== undefined && !old.includes(leaver) && tape.once(3)) {
    proposals.push({ kind: "selfRemove", removed: leaver, sender: { kind: "member", member: leaver } });
  }
  return staged(room, sender, proposals);
}

/** No committer removes itself; no leaf is removed twice, or updated and removed; the extensions change once. */
function fitsCommit(proposal: ProposalView, others: readonly ProposalView[], committer: Member): boolean {
  const leaf = leafOf(proposal);
  if (leaf === committer.leafIndex) return false;
  if (leaf !== undefined && others.some((other) => leafOf(other) === leaf)) return false;
  return proposal.kind !== "groupContextExtensions" || !others.some(({ kind }) => kind === proposal.kind);
}

function leafOf(proposal: ProposalView): number | undefined {
  if (proposal.kind === "update") return proposal.updated.leafIndex;
  return proposal.kind === "remove" || proposal.kind === "selfRemove" ? proposal.removed.leafIndex : undefined;
}

/** What the commit makes of the group: its additions take the free leaves. */
function staged(room: RoomState, sender: SenderView, proposals: readonly ProposalView[]): CommitView {
  const view = commitOf(room, sender, { proposals });
  const [stay, came] = [room.members.length, view.after.members.length];
  if (came === 0) return view;
  const known = new Set(room.members);
  const taken = new Set(view.after.members.filter((member) => known.has(member)).map(({ leafIndex }) => leafIndex));
  let free = 0;
  const members = view.after.members.map((member) => {
    if (known.has(member)) return member;
    while (taken.has(free)) free += 1;
    taken.add(free);
    return { ...member, leafIndex: free };
  });
  return stay === 0 ? view : { ...view, after: { ...view.after, members } };
}

/** The room that a kept commit makes. */
export function roomAfter(room: RoomState, { after }: CommitView): RoomState {
  return roomStateOf(after, room.room, room.hub);
}

/** The policy with one thing or all things of it changed. */
export function changedPolicy(tape: Tape, policy: RoomPolicy): RoomPolicy {
  switch (tape.below(10)) {
    case 0:
    case 1:
    case 2:
      return moved(
        policy,
        tape.pick(users),
        tape.pick(["regular_user", "visitor", "admin", "banned", "owner", undefined]),
      );
    case 3:
      return { ...policy, moderated: !policy.moderated };
    case 4:
      return { ...policy, multiDevice: !policy.multiDevice };
    case 5:
      return { ...policy, membershipStyle: tape.pick<MembershipStyle>(["open", "members_only"]), parentRoomUri: "" };
    case 6:
      return { ...policy, policyExtensions: tape.once(2) ? [] : policyOf().policyExtensions };
    case 7:
      return { ...policy, loggingPolicy: logging(tape.pick(users)) };
    case 8:
      return { ...policy, allowedBots: tape.once(3) ? [] : [bot(tape.pick(users), tape)] };
    default:
      return anyPolicy(tape, policy.membershipStyle);
  }
}

/** The policy with `user` listed under `to` and nowhere else. */
function moved(policy: RoomPolicy, user: string, to: Role | undefined): RoomPolicy {
  const preAuthList = policy.preAuthList.map((list) => {
    const others = list.preauthUser.filter((uri) => uri !== user);
    return { ...list, preauthUser: list.targetRole === to ? [...others, user] : others };
  });
  return { ...policy, preAuthList };
}

function anySenders(tape: Tape): readonly string[] {
  return tape.once(6) ? tape.pick([["mimi://other.example"], [hub, "mimi://other.example"], []]) : [hub];
}

function everyone(tape: Tape): Member {
  return tape.pick(everyClient);
}

function one<T>(tape: Tape, items: readonly T[]): T | undefined {
  return items.length === 0 ? undefined : tape.pick(items);
}
