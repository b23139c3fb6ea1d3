import { toHex } from "../codec/bytes.js";
import { authorize } from "../policy/authorize.js";
import type { EntryRecord, OutboxRecord } from "../storage/records.js";
import { backoff, pause } from "../transport/backoff.js";
import type { Accepted } from "../transport/provider-client.js";
import { ProviderRefusal, Unreachable } from "../transport/provider-refusal.js";
import type { EngineContext } from "./context.js";
import { problemOf } from "./engine-problem.js";
import type { Change, Memory } from "./memory.js";
import { sentChange } from "./own-message.js";
import { isSealed, type Sealed, sealMessage } from "./seal-message.js";
import { momentOf, withoutFailure } from "./timeline.js";

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

  constructor(context: EngineContext, commitProposals: () => void) {
    this.#context = context;
    this.#commitProposals = commitProposals;
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
        // The provider is back: the event stream need not wait any longer either.
        if (attempt > 0) this.#context.onBehind(undefined);
        attempt = 0;
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
      const { seat, pending, proposals } = memory;
      const record = memory.outbox.find(({ state }) => state === "waiting");
      if (!record || !seat) return { result: undefined };
      if (isSealed(record)) {
        if (!this.#tooOld.has(record.sealed.hash)) return { result: record };
        // Not caught up yet: the next epoch kicks.
        const { group, epoch } = record.sealed;
        if (group === toHex(seat.view.groupId) && seat.view.epoch <= epoch) return { result: undefined };
      }
      // A message of this epoch could come after the commit under way, and nothing is said over proposals that are known.
      if (pending) return { result: undefined };
      if (proposals.length > 0) {
        this.#commitProposals();
        return { result: undefined };
      }
      const decision = authorize(seat.room, { kind: "sendMessage", user: memory.identity?.userUri ?? "" });
      if (!decision.allowed) {
        this.#again = true;
        return { change: await this.#failed(record, { code: "notAllowed", rule: decision.rule }), result: undefined };
      }
      return (await sealMessage(this.#context, memory, record)) ?? { result: undefined };
    });
  }

  #submit({ sealed }: Sealed): Promise<Accepted> {
    const { access, provider, room } = this.#context;
    return access.with((token) => provider.submitMessage(token, room, sealed.body));
  }

  async #sent(memory: Memory, { id, sealed }: Sealed, { cursor, acceptedTimestamp }: Accepted): Promise<Change> {
    const record = memory.outbox.find((waiting) => waiting.id === id && waiting.sealed?.hash === sealed.hash);
    // The event log may have settled it already.
    return record ? sentChange(this.#context, memory, record, { cursor, time: momentOf(acceptedTimestamp) }) : {};
  }

  /** What a submission's failure leads to. Resolves with whether to go on at once. */
  async #refused(record: Sealed, error: unknown, attempt: number): Promise<boolean> {
    const { clock, random } = this.#context.ports;
    const refusal = error instanceof ProviderRefusal ? error : undefined;
    if (error instanceof Unreachable || (refusal && !refusal.definite)) {
      // Perhaps the event stream is as dead, and does not know it yet.
      if (!refusal) this.#context.onBehind(undefined);
      const wait = Math.max(backoff(attempt, random), refusal?.retryAfter ?? 0);
      await pause(clock, wait, this.#context.hurry);
      return true;
    }
    if (!refusal) throw error;
    if (refusal.code === "epochTooOld") {
      this.#tooOld.add(record.sealed.hash);
      this.#context.onBehind(refusal.currentEpoch);
      return true;
    }
    if (refusal.code === "notSeated" || refusal.code === "noGroup") {
      this.#context.setSituation({ problem: problemOf(error) });
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
  async #failed({ id, content, order }: OutboxRecord, failure: NonNullable<EntryRecord["failure"]>): Promise<Change> {
    const entry = await this.#context.database.entry(id);
    return {
      outbox: [{ id, content, order, state: "failed" }],
      ...(entry ? { entries: [{ ...withoutFailure(entry), status: "failed", failure }] } : {}),
    };
  }
}
