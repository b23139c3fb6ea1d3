import type { GroupView } from "../../codec/group-view.js";
import type { PendingRecord } from "../../storage/records.js";
import { fraction, pause } from "../../transport/backoff.js";
import { isUndecided, ProviderRefusal } from "../../transport/provider-refusal.js";
import { objectionToPreview } from "../accepted.js";
import type { EngineContext } from "../context.js";
import { deliverPending, dropPending } from "../deliver-pending.js";
import { EngineProblem } from "../engine-problem.js";
import { makeIdentity } from "../identity.js";
import { isMembersCommit } from "../pending-record.js";
import { prepareJoin } from "../prepare-join.js";
import { readNickname } from "../read-nickname.js";
import { settlePending } from "../settle-pending.js";
import { askedToWait, waitToRetry } from "../wait-to-retry.js";

/** One of thirty who come at once loses at most as many races as there are others; more is a fault. */
const MOST_RACES = 60;
/** How often an unreachable provider is asked before the person is told. */
const MOST_SILENCES = 3;
/** Who is asked to wait longer is told so, in milliseconds. */
const LONGEST_ASKED = 30_000;
/** Nobody steps aside for longer, in milliseconds. */
const LONGEST_STEP_ASIDE = 10_000;
/** What another's commit, group or departure caused: the next try is made with what is there by then. */
const RACES: ReadonlySet<string> = new Set(["wrongEpoch", "noGroup", "groupExists"]);

/**
 * Takes a seat by an External Commit (RFC 9420, 12.4.3.2), or with the first group of a persistent room that has none.
 * Resolves when joined. Throws EngineProblem.
 */
export async function join(context: EngineContext, input: string): Promise<void> {
  const nickname = readNickname(input);
  const objection = objectionToPreview(context);
  if (objection) throw context.fail("preview", new EngineProblem(objection));
  await ensureIdentity(context, nickname);
  await takeSeat(context);
}

/**
 * {@link join} with the identity that is kept: again after a reload, or into a group that went on without this client.
 * `check` looks at the group that is joined, and throws to refuse it.
 */
export async function takeSeat(context: EngineContext, check?: (next: GroupView) => void): Promise<void> {
  context.setSituation({ phase: "joining", problem: undefined });
  let pending = context.memory.pending;
  if (pending && isMembersCommit(pending)) {
    // It belongs to a group that went on without this client.
    await dropPending(context, pending);
    pending = undefined;
  }
  let races = 0;
  let silences = 0;
  for (;;) {
    const began = context.ports.clock.now();
    try {
      pending ??= await prepareJoin(context, races + silences > 0, check);
      const delivered = await deliverPending(context, pending);
      if (delivered) await settlePending(context, pending, delivered);
      return context.setSituation({ problem: undefined });
    } catch (error) {
      context.checkRunning();
      // It may have been accepted: the next try sends the same.
      if (pending && isUndecided(error)) throw context.fail("failed", error);
      if (pending) await dropPending(context, pending);
      const raced = isRace(error, pending) && races++ < MOST_RACES;
      const silent = isUndecided(error) && askedToWait(error) <= LONGEST_ASKED && silences++ < MOST_SILENCES;
      if (!raced && !silent) throw context.fail("failed", error);
      pending = undefined;
      if (raced) await pause(context.ports.clock, raceWait(context, began, races), context.hurry);
      else await waitToRetry(context, error, silences - 1);
    }
  }
}

async function ensureIdentity(context: EngineContext, nickname: string): Promise<void> {
  const { room, ports } = context;
  await context.step(async ({ identity, pending }) => {
    const known = identity ?? (await makeIdentity({ room, random: ports.random, recoverable: false }));
    const change = { identity: { ...known, nickname }, suggestedNickname: nickname };
    // What is under way says the name from before. If it arrives, the next try takes that leaf out again.
    return {
      change: pending && known.nickname !== nickname ? { ...change, pending: null } : change,
      result: undefined,
    };
  });
}

/**
 * How long to step aside after a lost race: anywhere in a window that doubles with every race, in units of what a try takes
 * here and now. So those who came together spread, and a crowd that slows the hub down spreads wider.
 */
function raceWait({ ports: { clock, random } }: EngineContext, began: number, races: number): number {
  const slot = Math.max(20, clock.now() - began);
  return fraction(random) * Math.min(LONGEST_STEP_ASIDE, slot * 2 ** Math.min(races, 5));
}

/** Also: a proposal that was pending when the GroupInfo came has gone with its epoch, and the commit that names it. */
function isRace(error: unknown, pending: PendingRecord | undefined): boolean {
  if (!(error instanceof ProviderRefusal)) return false;
  return RACES.has(error.code) || (pending !== undefined && error.code === "invalidProposal");
}
