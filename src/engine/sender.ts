import { toHex } from "../codec/bytes.js";
import type { EntryRecord, OutboxRecord } from "../storage/records.js";
import type { Accepted } from "../transport/provider-client.js";
import { isUndecided, ProviderRefusal } from "../transport/provider-refusal.js";
import type { Problem } from "../worker/engine-api.js";
import type { EngineContext } from "./context.js";
import { problemOf } from "./engine-problem.js";
import { type Change, type Memory, type SeatedGroup, standsStill } from "./memory.js";
import { sentChange } from "./own-message.js";
import { isSealed, judgeSaying, type Sealed, sealMessage } from "./seal-message.js";
import { momentOf, withoutFailure } from "./timeline.js";
import { askedToWait, waitToRetry } from "./wait-to-retry.js";

/** Who has to wait so long because the provider asks for it is told why, in milliseconds. */
const WORTH_TELLING = 5_000;

/** Of these `wrongEpoch` says that the hub is at an earlier epoch than the message: one that it was at before. */
const DIVERGED: ReadonlySet<string> = new Set(["logDiverged", "notSeated", "noGroup", "wrongEpoch"]);

/**
 * Sends what is in the outbox, one message at a time and in order. A ciphertext is on disk before it is sent, and sent
 * again as it is: only the hub's definite "epoch too old" lets the same content be protected anew.
 */
export class Sender {
  readonly #context: EngineContext;
  /** Called when proposals must be committed before anything may be said. */
  readonly #commitProposals: () => void;
  #running = false;
  #again = false;
  /** Ciphertexts that the hub called too old, by hash. */
  readonly #tooOld = new Set<string>();
  /** What the person was told of a provider that asks to wait. */
  #told: Problem | undefined;
  /** Ciphertexts that the hub has, and whose place the event log will show, by hash. */
  readonly #saidAgain = new Set<string>();

  constructor(context: EngineContext, commitProposals: () => void) {
    this.#context = context;
    this.#commitProposals = commitProposals;
  }

  /** The hub is there again, and may be elsewhere: a commit that ended an epoch may be taken back by now. */
  again(): void {
    this.#tooOld.clear();
    this.kick();
  }

  /** Looks whether there is something to send that can be sent now. */
  kick(): void {
    this.#again = true;
    if (this.#running) return;
    this.#running = true;
    this.#context.background("send", async () => {
      try {
        while (this.#again) {
          this.#again = false;
          await this.#run();
        }
      } finally {
        this.#running = false;
      }
    });
  }

  async #run(): Promise<void> {
    for (let attempt = 0; !this.#context.stopped.aborted; ) {
      const record = await this.#seal();
      if (!record) return;
      try {
        await this.#context.setSending(record.id);
        const accepted = await this.#submit(record);
        await this.#checkPlace(record, accepted);
        // The provider is back: the event stream need not wait any longer either.
        if (attempt > 0) this.#context.onBehind(undefined);
        attempt = 0;
        this.#tell(undefined);
        await this.#context.step(async (memory) => ({
          change: await this.#sent(memory, record, accepted),
          result: undefined,
        }));
      } catch (error) {
        await this.#context.setSending(undefined);
        if (!(await this.#refused(record, error, attempt++))) return;
      }
      await this.#context.setSending(undefined);
    }
  }

  /** The head of the outbox with its ciphertext on disk; undefined when nothing can be sent now. */
  #seal(): Promise<Sealed | undefined> {
    return this.#context.step(async (memory) => {
      const { seat } = memory;
      this.#forgetSettled(memory);
      const record = memory.outbox.find(({ state, sealed }) => state === "waiting" && !this.#isSaidAgain(sealed));
      if (!record || !seat || standsStill(memory) || this.#context.holdsBack()) return { result: undefined };
      if (isSealed(record)) {
        if (!this.#tooOld.has(record.sealed.hash)) return { result: record };
        // Not caught up yet: the next epoch kicks.
        const { group, epoch } = record.sealed;
        if (group === toHex(seat.view.groupId) && seat.view.epoch <= epoch) return { result: undefined };
      }
      const saying = judgeSaying(memory);
      if (saying.may === "now" && hasStrangers(seat, record)) {
        this.#again = true;
        return { change: await this.#failed(record, { code: "newcomers" }), result: undefined };
      }
      if (saying.may === "now") return (await sealMessage(this.#context, memory, record)) ?? { result: undefined };
      if (saying.may === "whenProposalsAreCommitted") this.#commitProposals();
      if (saying.may !== "never") return { result: undefined };
      this.#again = true;
      return { change: await this.#failed(record, { code: "notAllowed", rule: saying.rule }), result: undefined };
    });
  }

  /** What was noted of a ciphertext goes with it: nothing here outgrows the outbox. */
  #forgetSettled({ outbox }: Memory): void {
    const kept = new Set(outbox.map(({ sealed }) => sealed?.hash));
    for (const noted of [this.#tooOld, this.#saidAgain]) {
      for (const hash of noted) if (!kept.has(hash)) noted.delete(hash);
    }
  }

  #tell(why: Problem | undefined): void {
    const { problem } = this.#context.situation;
    // What else is wrong is not this one's to take away, or to cover.
    if (problem === undefined || problem === this.#told) this.#context.setSituation({ problem: why });
    this.#told = why;
  }

  #submit({ sealed }: Sealed): Promise<Accepted> {
    const { access, provider, room } = this.#context;
    return access.with((token) => provider.submitMessage(token, room, sealed.body));
  }

  /** An answer from behind what was read: the hub has another log now, or this client joined again since it was said. */
  async #checkPlace({ id, sealed }: Sealed, { cursor }: Accepted): Promise<void> {
    const { access, provider, room, memory } = this.#context;
    const { log, outbox } = memory;
    const isSettled = !outbox.some((record) => record.id === id && record.sealed?.hash === sealed.hash);
    if (cursor > log.cursor || isSettled) return;
    await access.with((token) => provider.events(token, room, log.cursor, 1, log.hash));
  }

  async #sent(memory: Memory, { id, sealed }: Sealed, { cursor, acceptedTimestamp }: Accepted): Promise<Change> {
    const record = memory.outbox.find((waiting) => waiting.id === id && waiting.sealed?.hash === sealed.hash);
    // The event log may have settled it already.
    if (!record) return {};
    if (record.former) {
      // Said before: the log, which everybody reads alike, shows which of its ciphertexts comes first.
      this.#saidAgain.add(sealed.hash);
      return {};
    }
    const { hash } = sealed;
    return sentChange(this.#context, memory, record, { cursor, hash, time: momentOf(acceptedTimestamp) });
  }

  #isSaidAgain(sealed: OutboxRecord["sealed"]): boolean {
    return sealed !== undefined && this.#saidAgain.has(sealed.hash);
  }

  /** What a submission's failure leads to. Resolves with whether to go on at once. */
  async #refused(record: Sealed, error: unknown, attempt: number): Promise<boolean> {
    const refusal = error instanceof ProviderRefusal ? error : undefined;
    if (isUndecided(error)) {
      if (!refusal) this.#context.onSilence();
      if (askedToWait(error) >= WORTH_TELLING) this.#tell(problemOf(error));
      await waitToRetry(this.#context, error, attempt);
      return true;
    }
    if (!refusal) throw error;
    if (refusal.code === "epochTooOld") {
      this.#tooOld.add(record.sealed.hash);
      this.#context.onBehind(refusal.currentEpoch);
      return true;
    }
    if (DIVERGED.has(refusal.code)) {
      this.#context.onDiverged(refusal);
      return false;
    }
    await this.#context.step(async ({ outbox }) => {
      const kept = outbox.find(({ id }) => id === record.id);
      if (!kept) return { result: undefined };
      // Taken back while it was on its way, and it did not arrive.
      if (kept.state === "discarded") return { change: { outboxGone: [record.id] }, result: undefined };
      const { code, rule, detail } = problemOf(error);
      const named = code === "notAllowed" || code === "banned" || code === "tooLarge" ? code : "providerFault";
      const failure = { code: named, ...(rule ? { rule } : {}), ...(detail ? { detail } : {}) } as const;
      return { change: await this.#failed(record, failure), result: undefined };
    });
    return true;
  }

  /** A failed message keeps its place and its content; its ciphertext, refused for good, goes. */
  async #failed({ sealed: _, ...record }: OutboxRecord, failure: NonNullable<EntryRecord["failure"]>): Promise<Change> {
    const entry = await this.#context.database.entry(record.id);
    return {
      outbox: [{ ...record, state: "failed" }],
      ...(entry ? { entries: [{ ...withoutFailure(entry), status: "failed", failure }] } : {}),
    };
  }
}

/** Whether somebody is in the room whom a message that is said again was not meant for. */
function hasStrangers({ view }: SeatedGroup, { audience }: OutboxRecord): boolean {
  if (!audience) return false;
  const known = new Set(audience);
  return view.members.some(({ userUri }) => !known.has(userUri));
}
