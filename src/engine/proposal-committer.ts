import { stageCommit } from "../mls/commit.js";
import type { PendingRecord } from "../storage/records.js";
import { backoff, pause } from "../transport/backoff.js";
import type { EngineContext } from "./context.js";
import { deliverCommit } from "./deliver-commit.js";
import { demandStaged } from "./demand-staged.js";
import { type Memory, standsStill } from "./memory.js";
import { pendingCommit } from "./pending-record.js";
import { referenceTo } from "./seen-events.js";

/** How much longer the next in rank waits, in milliseconds: time for the one before to be heard. */
const PER_RANK = 400;
/** Nobody waits longer: with many occupants a few collide, and the hub takes the first. */
const LONGEST = 10_000;

/** How often a commit may lack a proposal that the hub has, until the person is told that the log does not bring it. */
const MOST_LEFT_OUT = 6;

/**
 * Commits what others proposed for themselves (SelfRemove), promptly: one that left must not read on. Everyone waits by
 * rank, so that one commits and the others see it; who wants to speak commits at once.
 */
export class ProposalCommitter {
  readonly #context: EngineContext;
  #scheduled: { readonly epoch: bigint; cancel(): void } | undefined;
  #running = false;
  /** How many commits of an epoch lacked a proposal that the hub has. */
  #leftOut = { epoch: -1n, times: 0 };

  constructor(context: EngineContext) {
    this.#context = context;
    context.stopped.addEventListener("abort", () => this.#cancel(), { once: true });
  }

  /** Looks whether there is something to commit. */
  consider({ seat, proposals, pending, log }: Memory): void {
    if (this.#scheduled && this.#scheduled.epoch !== seat?.view.epoch) this.#cancel();
    if (!seat || proposals.length === 0 || standsStill({ log }) || this.#scheduled || this.#running) return;
    const { epoch, members } = seat.view;
    // One that was under way when the engine started goes on at once.
    const rank = pending ? 0 : members.findIndex(({ leafIndex }) => leafIndex === seat.group.ownLeafIndex);
    const wait = Math.min(LONGEST, Math.max(0, rank) * PER_RANK);
    this.#scheduled = { epoch, cancel: this.#context.ports.clock.after(wait, () => this.now()) };
  }

  /** Commits now. */
  now(): void {
    if (this.#running) return;
    this.#running = true;
    this.#context.background("commitProposals", async () => {
      let again = false;
      try {
        const pending = await this.#stage();
        // The hub takes no commit of these proposals, and nothing may be said over them: they are void.
        const delivery = pending && (await deliverCommit(this.#context, pending, { proposals: [] }));
        if (delivery === "leftOut") again = await this.#mayTryAgain();
      } finally {
        this.#running = false;
        this.#cancel();
      }
      if (again) this.consider(this.#context.memory);
    });
  }

  /** A proposal that this client refused and the hub accepted never comes: only joining again helps then. */
  async #mayTryAgain(): Promise<boolean> {
    const { memory, ports, hurry } = this.#context;
    const epoch = memory.seat?.view.epoch ?? -1n;
    const before = this.#leftOut.epoch === epoch ? this.#leftOut.times : 0;
    this.#leftOut = { epoch, times: before + 1 };
    const may = before < MOST_LEFT_OUT;
    if (may) await pause(ports.clock, backoff(before, ports.random), hurry);
    else this.#context.setSituation({ problem: { code: "outOfSync", retry: true } });
    return may;
  }

  #stage(): Promise<PendingRecord | undefined> {
    const { crypto } = this.#context;
    return this.#context.step(async ({ seat, proposals, pending, log }) => {
      if (pending) return { result: pending.purpose === "commitProposals" ? pending : undefined };
      if (!seat || proposals.length === 0 || standsStill({ log })) return { result: undefined };
      const staged = await stageCommit(crypto, seat.group, {
        proposals: [],
        references: [...proposals],
        authenticatedData: referenceTo(log),
      });
      demandStaged(seat.room, staged, seat.group);
      const result = await pendingCommit("commitProposals", staged, seat.group);
      return { change: { pending: result }, result };
    });
  }

  #cancel(): void {
    this.#scheduled?.cancel();
    this.#scheduled = undefined;
  }
}
