import { equalBytes } from "../../codec/bytes.js";
import type { GroupView } from "../../codec/group-view.js";
import type { GroupInfoResponse } from "../../codec/hub-messages.js";
import { peekMessage } from "../../mls/peek.js";
import { showsEpoch } from "../../mls/shows-epoch.js";
import type { CursorRecord } from "../../storage/records.js";
import { backoff, fraction, pause } from "../../transport/backoff.js";
import { ProviderRefusal, Unreachable } from "../../transport/provider-refusal.js";
import type { EngineContext } from "../context.js";
import { problem, problemOf } from "../engine-problem.js";
import type { Change, SeatedGroup } from "../memory.js";
import { mustReturn } from "../receive/refused-event.js";
import { eventAt, findCommonPoint, stands } from "./common-point.js";
import { deliverAgain } from "./deliver-again.js";
import { giveUpLog, linesAbove } from "./give-up-log.js";
import { spreadOf } from "./hold.js";
import { demandFollowable, type LostGroup } from "./may-follow.js";

/** So many repairs may follow each other unasked; a hub that goes back more often is a fault, and the person decides. */
const MOST_REPAIRS = 3;
/** A repair is forgotten after so long, in milliseconds. */
const FORGOTTEN_AFTER = 15 * 60_000;
/** What a repair found. */
interface Damage {
  /** The last place in common. */
  readonly log: CursorRecord;
  /** Whether something that was read or acknowledged above it is lost. */
  readonly isLost: boolean;
  /** The epoch there, where it is known and of the own group. */
  readonly commonEpoch: bigint | undefined;
  /** Whether the person asked to be back in. */
  readonly asked: boolean;
}

/** What a repair needs of the engine around it. */
export interface RepairWork {
  /** Closes the event stream and keeps it closed. */
  suspend(): void;
  /** Begins the event stream anew. */
  resume(): void;
  /** Joins again with the identity that is kept; `check` looks at the group that is joined, and throws to refuse it. */
  takeSeat(check: ((next: GroupView) => void) | undefined): Promise<void>;
  /** Nothing is to be said for a while: others are on their way back, and would not hear it. */
  hold(): void;
}

/**
 * Brings a client that is ahead of its hub back together with it: the hub was restored from a backup, or has taken an event back,
 * and its cursors name other events now (docs/adr/0011-restored-hub.md). Own messages that are lost are said again, the lines of
 * others stay; the group goes on with the ratchets that it has, never back, or is joined anew. So is one whose next event
 * only the others can follow (docs/adr/0015-provisional-commits.md).
 */
export class Repairer {
  readonly #context: EngineContext;
  readonly #work: RepairWork;
  #running: Promise<void> | undefined;
  readonly #repaired: number[] = [];
  #unfinished = false;
  #refusal: ProviderRefusal | undefined;
  /** Whether the person asked while a repair was under way. */
  #asked = false;
  #returning = false;
  /** Whether the seat that the repair is of was left. */
  #isLeft = () => false;

  constructor(context: EngineContext, work: RepairWork) {
    this.#context = context;
    this.#work = work;
  }

  /**
   * The hub does not know this client's place, seat or group. Repairs by itself what may be repaired unasked. `refusal`: what
   * the hub said to something else than the event stream; the person is told when nothing explains it.
   */
  begin(refusal?: ProviderRefusal): void {
    if (this.#running) {
      const isOld = this.#isLeft();
      // It is of the seat before, or began before there was an event to return for, and comes to its end.
      const again = () => (isOld || mustReturn(this.#context.memory.log)) && this.begin(refusal);
      if (isOld || mustReturn(this.#context.memory.log)) void this.#running.catch(() => undefined).then(again);
      return;
    }
    this.#refusal = refusal;
    this.#asked = false;
    const now = this.#context.ports.clock.now();
    const recent = this.#repaired.filter((at) => Math.abs(now - at) < FORGOTTEN_AFTER);
    this.#repaired.splice(0, this.#repaired.length, ...recent);
    if (recent.length >= MOST_REPAIRS) {
      this.#work.suspend();
      const { problem: told } = problem("outOfSync", "The hub went back again and again.");
      this.#context.setSituation({ problem: told, connection: "online" });
      return;
    }
    const running = this.#run(() => this.#untilHeard());
    this.#context.background("repair", () => running.catch((error) => this.#giveUp(error)));
  }

  /** Whether the lost seat is being taken again: the sender would be quicker than {@link RepairWork.hold}. */
  get returning(): boolean {
    return this.#returning;
  }

  /** Whether a repair was given up: it is tried again when somebody wants it. */
  get unfinished(): boolean {
    return this.#unfinished && !this.#running;
  }

  /**
   * Repairs now. `asked`: the person wants to be back in, wherever the room is by now. Throws EngineProblem, also when it
   * has to be asked for.
   */
  async now(asked: boolean): Promise<void> {
    if (this.#running) {
      // The one under way begins anew, if it comes to nothing.
      this.#asked ||= asked;
      return;
    }
    try {
      await this.#run(() => this.#repair(asked));
    } catch (error) {
      throw this.#context.fail("failed", error);
    }
  }

  /**
   * Own messages may be acknowledged before the event stream brings them: whether the hub still has the last of them is
   * asked when it is there again.
   */
  checkAnswered(): void {
    const context = this.#context;
    context.background("checkAnswered", async () => {
      const { seat, log } = context.memory;
      if (seat && !log.astray && (await this.#hasLostAnswers())) this.begin();
    });
  }

  async #hasLostAnswers(): Promise<boolean> {
    const context = this.#context;
    const { above } = await linesAbove(context, context.memory.log.cursor);
    for (const { order, hash, stray } of above) {
      if (hash && !stray && !(await stands(context, { cursor: Math.floor(order), hash }))) return true;
    }
    return false;
  }

  /** Repairs the seat that there is now: whatever comes of it is nothing to the next one. */
  #run(work: () => Promise<void>): Promise<void> {
    const context = this.#context;
    const { clientUri } = context.memory.identity ?? {};
    this.#isLeft = () => !context.memory.seat || context.memory.identity?.clientUri !== clientUri;
    this.#running = work()
      .catch((error: unknown) => {
        if (!this.#isLeft()) throw error;
      })
      .finally(() => {
        this.#running = undefined;
      });
    return this.#running;
  }

  async #untilHeard(): Promise<void> {
    const { clock, random } = this.#context.ports;
    for (let attempt = 0; ; attempt++) {
      const asked = this.#asked;
      try {
        return await this.#repair(asked);
      } catch (error) {
        this.#context.checkRunning();
        if (this.#isLeft()) return;
        const silent = error instanceof Unreachable || (error instanceof ProviderRefusal && !error.definite);
        if (!silent && this.#asked === asked) throw error;
        if (!silent) continue;
        this.#context.setSituation({ connection: "offline" });
        const least = error instanceof ProviderRefusal ? (error.retryAfter ?? 0) : 0;
        await pause(clock, Math.max(least, backoff(attempt, random)), this.#context.hurry);
      }
    }
  }

  /** The person is told: what can be read here stays to be read. */
  #giveUp(error: unknown): void {
    this.#context.checkRunning();
    // It answered.
    this.#context.setSituation({ connection: "online" });
    const isGone = error instanceof ProviderRefusal && error.code === "noSuchRoom";
    this.#context.fail("failed", isGone ? problem("roomLost", error.message) : error);
  }

  async #repair(asked: boolean): Promise<void> {
    const context = this.#context;
    if (!context.memory.seat || this.#isLeft()) return;
    this.#unfinished = true;
    this.#work.suspend();
    // What was being taken when the stream was closed is taken: what is looked at from here on stays as it is.
    await context.step(async () => ({ result: undefined }));
    const { seat } = context.memory;
    if (!seat || this.#isLeft()) return;
    const known = context.memory.log;
    const log = await findCommonPoint(context);
    const isLost = log.cursor !== known.cursor || log.hash !== known.hash || (await this.#hasLostAnswers());
    const commonEpoch = await this.#epochAt(log, seat);
    // Where nothing is lost the log leads on from here: who was removed is told so by it.
    const isWell =
      !isLost && !asked && !known.astray && !mustReturn(this.#context.memory.log) && this.#refusal?.code !== "noGroup";
    if (this.#isLeft()) return;
    if (!isWell) await this.#mend(seat, { log, isLost, commonEpoch, asked });
    else if (this.#refusal) context.setSituation({ problem: problemOf(this.#refusal) });
    this.#unfinished = false;
    if (!asked) this.#repaired.push(context.ports.clock.now());
    this.#work.resume();
    deliverAgain(this.#context);
  }

  async #mend(seat: SeatedGroup, { log, isLost, commonEpoch, asked }: Damage): Promise<void> {
    const context = this.#context;
    const info = await this.#groupInfo().catch(async (error: unknown) => {
      // Who is barred may not come back yet. Its epoch is gone all the same, and the hub comes to that number again.
      const isGone = isLost && commonEpoch !== seat.view.epoch;
      const isDefinite = error instanceof ProviderRefusal && error.definite;
      if (isGone && isDefinite && !this.#isLeft()) await this.#goBack({ ...log, astray: true }, true, undefined);
      throw error;
    });
    const isRefused = !isLost && mustReturn(this.#context.memory.log);
    const goesOn = !asked && this.#goesOn(seat, isRefused ? undefined : commonEpoch, info);
    const { above: lines } = await linesAbove(context, log.cursor);
    const { astray: isAstray, refused } = context.memory.log;
    // Who joins again in a log that it knows has lost the group, and nothing else.
    const astray = isAstray ?? (!goesOn && (isLost || !(asked || isRefused)));
    const still = astray ? { astray } : goesOn || !refused ? {} : { refused };
    await this.#goBack({ ...log, ...still }, isLost, info);
    if (!goesOn) {
      const own = isRefused ? context.identity.clientUri : undefined;
      const lost: LostGroup = { view: seat.view, commonEpoch, lines, own };
      if (!asked) await this.#spread(seat.view.members.length);
      if (this.#isLeft()) return;
      await this.#return(astray || isRefused, asked ? undefined : (next) => demandFollowable(lost, next));
    }
    context.setSituation({ problem: undefined });
  }

  /** `others`: whether they are about to do the same. */
  async #return(others: boolean, check: ((next: GroupView) => void) | undefined): Promise<void> {
    this.#returning = others;
    try {
      await this.#work.takeSeat(check);
      if (others) this.#work.hold();
    } finally {
      this.#returning = false;
    }
  }

  /** The epoch that messages after a place of the hub's log are of, if they are of this group. */
  async #epochAt(log: CursorRecord, { view }: SeatedGroup): Promise<bigint | undefined> {
    const message = log.hash === "" ? undefined : await eventAt(this.#context, log);
    if (!message) return undefined;
    const { groupId, epoch, contentType } = peekMessage(message);
    if (!equalBytes(groupId, view.groupId)) return undefined;
    return contentType === "commit" ? epoch + 1n : epoch;
  }

  /** Undefined when the room has no group. */
  async #groupInfo(): Promise<GroupInfoResponse | undefined> {
    const { access, provider, room } = this.#context;
    try {
      return await access.with((token) => provider.groupInfo(token, room));
    } catch (error) {
      if (error instanceof ProviderRefusal && error.code === "noGroup") return undefined;
      throw error;
    }
  }

  /**
   * Whether the own group is one that the hub's log leads on from: nothing that changed it is lost, or the hub has come to the
   * very same epoch again. Then its ratchets go on; they never go back.
   */
  #goesOn({ view, group }: SeatedGroup, commonEpoch: bigint | undefined, info: GroupInfoResponse | undefined): boolean {
    if (!info || this.#context.memory.log.astray) return false;
    return commonEpoch === view.epoch || showsEpoch(info.groupInfo, group);
  }

  /** Goes back to the common place, in one step with everything that follows from it. */
  async #goBack(log: CursorRecord, isLost: boolean, info: GroupInfoResponse | undefined): Promise<void> {
    const context = this.#context;
    // What the hub has no more nobody can commit.
    const held = new Set(info?.pendingProposals.map(({ message }) => String(message)));
    await context.step(async (memory) => {
      if (this.#isLeft()) return { result: undefined };
      const lost: Change = isLost ? await giveUpLog(context, memory, log) : {};
      const proposals = memory.proposals.filter((message) => held.has(String(message)));
      return { change: { ...lost, log, proposals }, result: undefined };
    });
  }

  /** Steps aside for a moment: everybody else is about to do the same. */
  async #spread(members: number): Promise<void> {
    const { clock, random } = this.#context.ports;
    if (members > 1) await pause(clock, fraction(random) * spreadOf(members), this.#context.stopped);
  }
}
