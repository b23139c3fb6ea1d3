import { EXTENSION } from "../codec/leaf-extensions.js";
import { type RoomPolicy, roomPolicy } from "../codec/room-policy.js";
import { encode } from "../codec/tls.js";
import { stageCommit } from "../mls/commit.js";
import { authorize } from "../policy/authorize.js";
import type { Decision } from "../policy/decision.js";
import type { RoomState as PolicyRoom } from "../policy/room-state.js";
import type { PendingRecord } from "../storage/records.js";
import type { EngineContext } from "./context.js";
import { deliverCommit } from "./deliver-commit.js";
import { demand, problem } from "./engine-problem.js";
import { standsStill } from "./memory.js";
import { pendingCommit } from "./pending-record.js";
import { referenceTo } from "./seen-events.js";

/** Every race lost is a commit of somebody else; a room where so many come between is asked for no more. */
const MOST_RACES = 30;

/** What the policy is to be; undefined when it is so already. */
export type PolicyWish = (policy: RoomPolicy) => RoomPolicy | undefined;

/**
 * Changes the room's policy by a commit with a GroupContextExtensions proposal (RFC 9420, 12.1.7), which carries the pending
 * SelfRemoves too. Resolves when the room has it: the event log has brought the commit, or shown that the wish is true
 * already. A lost race is tried anew against the new epoch with the same wish. Throws EngineProblem, ProviderRefusal.
 */
export async function changePolicy(context: EngineContext, wish: PolicyWish): Promise<void> {
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

/** Whether the own user may make the room's policy `policy`. */
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
function stageChange(context: EngineContext, wish: PolicyWish): Promise<UnderWay | undefined> {
  return context.step<UnderWay | undefined>(async ({ seat, pending, proposals, log }) => {
    if (!seat) throw problem("notAllowed", "Join the room first.");
    if (standsStill({ log })) throw problem("outOfSync", "The group is not one that the hub leads on from.");
    if (pending) return { result: { pending, own: false } };
    const policy = wish(seat.room.policy);
    if (!policy) return { result: undefined };
    demand(mayChangePolicyTo(seat.room, context.identity.userUri, policy));
    const extensions = extensionsWith(seat.room, policy).map(({ type, data }) => ({
      extensionType: type,
      extensionData: data,
    }));
    const staged = await stageCommit(context.crypto, seat.group, {
      proposals: [{ kind: "groupContextExtensions", extensions }],
      references: [...proposals],
      authenticatedData: referenceTo(log),
    });
    demand(authorize(seat.room, { kind: "commit", commit: staged.view }));
    const record = await pendingCommit("changePolicy", staged, seat.group);
    return { change: { pending: record }, result: { pending: record, own: true } };
  });
}

/** "The extensions … replace the existing ones" wholly: all are given, in their order. */
function extensionsWith({ extensions }: PolicyRoom, policy: RoomPolicy) {
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
