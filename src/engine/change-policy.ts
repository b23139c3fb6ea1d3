import type { GroupView, Member, ProposalView } from "../codec/group-view.js";
import { EXTENSION } from "../codec/leaf-extensions.js";
import { type RoomPolicy, roomPolicy } from "../codec/room-policy.js";
import { encode } from "../codec/tls.js";
import { stageCommit } from "../mls/commit.js";
import { peekMessage } from "../mls/peek.js";
import { authorize } from "../policy/authorize.js";
import type { Decision } from "../policy/decision.js";
import { excludedBy } from "../policy/excluded-by.js";
import type { RoomState as PolicyRoom } from "../policy/room-state.js";
import type { PendingRecord } from "../storage/records.js";
import { acceptedBy, advertises, advertising } from "./accepted.js";
import type { EngineContext } from "./context.js";
import { deliverCommit } from "./deliver-commit.js";
import { demandStaged } from "./demand-staged.js";
import { demand, EngineProblem, orTooLarge, problem } from "./engine-problem.js";
import { leafIdentityOf } from "./identity.js";
import { type Memory, type SeatedGroup, standsStill } from "./memory.js";
import { pendingCommit } from "./pending-record.js";
import { referenceTo } from "./seen-events.js";

/** Every race lost is a commit of somebody else; a room where so many come between is asked for no more. */
const MOST_RACES = 30;

/** What a room is to be. */
export interface RoomChange {
  /** The very same object where it stays. */
  readonly policy: RoomPolicy;
  /** Clients that go, but those who go by themselves: a leaf is removed once (RFC 9420, 12.2). */
  readonly removed: readonly Member[];
}

/**
 * What is wished of the room as it is by then, without who is about to leave; undefined when it is so already. `own`: the client that
 * commits it; `inside`: the room with them.
 */
export type RoomWish = (room: PolicyRoom, own: Member, inside: PolicyRoom) => RoomChange | undefined;

/**
 * Changes the room's policy, and who is inside, by one commit with a GroupContextExtensions proposal (RFC 9420, 12.1.7), Removes
 * by value, and the pending SelfRemoves. Resolves when the room has it: the event log has brought the commit, or shown that the
 * wish is true already. A lost race is tried anew against the new epoch with the same wish. Throws EngineProblem, ProviderRefusal.
 */
export async function changePolicy(context: EngineContext, wish: RoomWish): Promise<void> {
  for (let races = 0; races < MOST_RACES; races++) {
    // Nothing is committed before it is known what becomes of a commit that this client refused.
    await context.until(() => context.memory.log.refused === undefined || isLost(context));
    const staged = await stageChange(context, wish);
    if (!staged) return;
    const { pending, own } = staged;
    const delivery = own ? await deliverCommit(context, pending) : undefined;
    await settled(context, pending);
    if (delivery === "accepted") return;
  }
  throw problem("providerFault", "Others changed the room again and again.");
}

/** The seat that a commit is made in. */
export interface OwnSeat {
  readonly seat: SeatedGroup;
  /** The own client. */
  readonly own: Member;
  /** The same room as the commit's other proposals leave it: without who goes by itself, and the own leaf says what is accepted. */
  readonly staying: Pick<SeatedGroup, "room" | "view">;
}

/** The own seat. Throws EngineProblem when there is none, with why it was taken away. */
export function ownSeat({ memory, situation }: EngineContext): OwnSeat {
  const { seat } = memory;
  const own = seat?.room.members.find(({ leafIndex }) => leafIndex === seat.group.ownLeafIndex);
  if (seat && own) return { seat, own, staying: stayingIn(seat, own, memory) };
  const { problem: why } = situation;
  throw why && situation.phase === "left" ? new EngineProblem(why) : problem("notAllowed", "Join the room first.");
}

function stayingIn({ room, view }: SeatedGroup, own: Member, { proposals, acceptance }: Memory): OwnSeat["staying"] {
  const renewed = advertising(own, acceptance);
  if (renewed === own && proposals.length === 0) return { room, view };
  const leaving = new Set(proposals.map((message) => peekMessage(message).senderLeaf));
  const members = room.members
    .filter(({ leafIndex }) => !leaving.has(leafIndex))
    .map((member) => (member === own ? renewed : member));
  return { room: { ...room, members }, view: { ...view, members } };
}

/** Whom a new policy has no place for, the client aside that commits it: nobody removes itself (RFC 9420, 12.2). */
export function removedBy(room: PolicyRoom, own: Member, policy: RoomPolicy): readonly Member[] {
  return excludedBy(room, policy, own).filter(({ leafIndex }) => leafIndex !== own.leafIndex);
}

/** What policy says of the commit that would be made of a change; nothing is made. */
export function judgeChange({ staying: { room, view }, own }: OwnSeat, { policy, removed }: RoomChange): Decision {
  const sender = { kind: "member", member: own } as const;
  const extensions = extensionsWith(room, policy);
  const changed = policy === room.policy ? [] : [{ kind: "groupContextExtensions", sender, extensions } as const];
  const proposals: ProposalView[] = [
    ...changed,
    ...removed.map((gone) => ({ kind: "remove", sender, removed: gone }) as const),
  ];
  const gone = new Set(removed.map(({ leafIndex }) => leafIndex));
  const after: GroupView = {
    ...view,
    epoch: view.epoch + 1n,
    roomPolicy: extensions.find(({ type }) => type === EXTENSION.roomPolicy)?.data ?? view.roomPolicy,
    // The same array where nobody goes: what was read of it is kept by it.
    members: gone.size === 0 ? view.members : view.members.filter(({ leafIndex }) => !gone.has(leafIndex)),
    extensions,
  };
  const commit = { sender, proposals, committer: undefined, before: view, after };
  return authorize(room, { kind: "commit", commit });
}

/** Whether the own user may make the room's policy `policy`, whoever is inside. */
export function mayChangePolicyTo(room: PolicyRoom, user: string, policy: RoomPolicy): Decision {
  const member = room.members.find(({ userUri }) => userUri === user);
  if (!member) return { allowed: false, rule: "5.11/sender" };
  const sender = { kind: "member", member } as const;
  const extensions = extensionsWith(room, policy);
  return authorize(room, { kind: "propose", proposal: { kind: "groupContextExtensions", sender, extensions } });
}

/** A commit under way, and whether it was made for the wish. */
interface UnderWay {
  readonly pending: PendingRecord;
  readonly own: boolean;
}

/** The commit of the wish, stored; or one that is under way and must be settled first. Undefined when nothing is to be done. */
function stageChange(context: EngineContext, wish: RoomWish): Promise<UnderWay | undefined> {
  return context.step<UnderWay | undefined>(async ({ pending, proposals, log }) => {
    const place = ownSeat(context);
    const { seat, own, staying } = place;
    if (standsStill({ log })) throw problem("outOfSync", "The group is not one that the hub leads on from.");
    if (pending) return { result: { pending, own: false } };
    const change = wish(staying.room, own, seat.room);
    if (!change) return { result: undefined };
    demand(acceptedBy(context.memory, change.policy));
    demand(judgeChange(place, change));
    const { crypto, identity, memory } = context;
    const isNews = !advertises(own, memory.acceptance);
    const staged = await stageCommit(crypto, seat.group, {
      ...(isNews && { identity: await leafIdentityOf(identity, crypto, memory.acceptance) }),
      proposals: proposalsOf(seat.room, change),
      references: [...proposals],
      authenticatedData: referenceTo(log),
    }).catch((error: unknown) => {
      throw orTooLarge(error);
    });
    demandStaged(seat.room, staged, seat.group);
    const record = await pendingCommit("changePolicy", staged, seat.group);
    return { change: { pending: record }, result: { pending: record, own: true } };
  });
}

function proposalsOf(room: PolicyRoom, { policy, removed }: RoomChange) {
  const extensions = extensionsWith(room, policy).map(({ type, data }) => ({
    extensionType: type,
    extensionData: data,
  }));
  return [
    ...(policy === room.policy ? [] : [{ kind: "groupContextExtensions", extensions } as const]),
    ...removed.map(({ leafIndex }) => ({ kind: "remove", removed: leafIndex }) as const),
  ];
}

/** "The extensions … replace the existing ones" wholly: all are given, in their order. */
function extensionsWith({ extensions, policy: before }: PolicyRoom, policy: RoomPolicy) {
  if (policy === before) return extensions;
  const data = encode(roomPolicy, policy);
  return extensions.map((extension) => (extension.type === EXTENSION.roomPolicy ? { ...extension, data } : extension));
}

function isLost({ situation }: EngineContext): boolean {
  return situation.problem?.code === "outOfSync";
}

/** Resolves when the event log has settled a pending commit. Throws EngineProblem `outOfSync` when it never will. */
async function settled(context: EngineContext, { hash }: PendingRecord): Promise<void> {
  const isPending = () => context.memory.pending?.hash === hash;
  await context.until(() => !isPending() || isLost(context));
  if (isPending()) throw problem("outOfSync", "The room went on without this client.");
}
