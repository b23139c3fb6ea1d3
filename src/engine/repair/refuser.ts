import { fromHex } from "../../codec/bytes.js";
import { EVENT_REFUSAL_LABEL, eventRefusal, eventRefusalTBS } from "../../codec/event-refusal.js";
import { encode } from "../../codec/tls.js";
import { signWithLabel } from "../../mls/signing.js";
import type { RefusedEvent } from "../../storage/records.js";
import { backoff, pause } from "../../transport/backoff.js";
import type { RefusalOutcome } from "../../transport/provider-client.js";
import { isUndecided, ProviderRefusal, Unreachable } from "../../transport/provider-refusal.js";
import type { Problem } from "../../worker/engine-api.js";
import type { EngineContext, StepResult } from "../context.js";
import { isStorageFailure } from "../engine-problem.js";
import type { Memory } from "../memory.js";
import { isForbidden, mustReturn } from "../receive/refused-event.js";
import { waitToRetry } from "../wait-to-retry.js";
import { deliverAgain } from "./deliver-again.js";

/** What a refusal needs of the engine around it. */
export interface RefusalWork {
  /** Joins again: the room goes on without this client. */
  comeBack(): void;
  /** Nothing is to be said for a while: whoever had followed what is taken back is on the way, and would not hear it. */
  hold(): void;
}

/** What a hub says to whom a commit removes, until it is decided. */
const NO_SAY = "hub/no-say";
/** So often a hub that says so is asked again. */
const MOST_SAYLESS = 5;
/** A hub that has taken an event back so often and brings it all the same is no help: the person decides. */
const MOST_TIMES = 3;

/**
 * Tells the hub of a commit or proposal that this client cannot follow, and goes on as the hub decides: before it, where nobody
 * follows it; else by joining again, or by asking the person, where policy forbids it (docs/adr/0015-provisional-commits.md).
 */
export class Refuser {
  readonly #context: EngineContext;
  readonly #work: RefusalWork;
  /** The event that was looked at, by its hash. */
  #asked: string | undefined;
  /** The event that the hub said it took back, and how often it said so. */
  #takenBack = { hash: "", times: 0 };

  constructor(context: EngineContext, work: RefusalWork) {
    this.#context = context;
    this.#work = work;
  }

  /** Looks whether there is an event that the hub is to be told of, or that stands already. */
  consider({ seat, log }: Memory): void {
    const { refused } = log;
    if (!seat || !refused) this.#asked = undefined;
    else if (refused.hash !== this.#asked) {
      this.#asked = refused.hash;
      if (!refused.stands) this.#context.background("refuseEvent", () => this.#settle(refused));
      else if (mustReturn(log)) this.#work.comeBack();
    }
  }

  /** Puts an event before the person that stands though policy forbids it. */
  remind({ log: { refused } }: Memory): void {
    if (refused?.stands && isForbidden(refused)) this.#ask(refused);
  }

  async #settle(refused: RefusedEvent, failures = 0): Promise<void> {
    const context = this.#context;
    const { clock, random } = context.ports;
    const { hash, times } = this.#takenBack;
    if (hash === refused.hash && times >= MOST_TIMES) return this.#ask(refused);
    if (hash === refused.hash) await pause(clock, backoff(times, random), context.stopped);
    try {
      const outcome = await this.#outcome(refused);
      if (outcome === "rolledBack") await this.#goOn(refused);
      if (outcome === "acknowledged") await this.#giveIn(refused);
    } catch (error) {
      context.checkRunning();
      if (!this.#stands(refused)) return;
      if (isStorageFailure(error)) {
        // The outcome could not be written, and the hub gives it again.
        await waitToRetry(context, error, failures);
        return this.#settle(refused, failures + 1);
      }
      context.fault({ where: "refuseEvent", error });
      this.#ask(refused);
    }
  }

  /** Undefined when it does not matter any more. Throws what the hub refuses for good. */
  async #outcome({ hash, code }: RefusedEvent): Promise<RefusalOutcome | undefined> {
    const context = this.#context;
    const { access, provider, room, identity, memory } = context;
    if (!memory.seat) return undefined;
    const { groupId, epoch } = memory.seat.view;
    const eventHash = fromHex(hash);
    const signed = encode(eventRefusalTBS, { groupId, epoch, eventHash, code });
    const signature = await signWithLabel(identity.signatureKeyPair.privateKey, EVENT_REFUSAL_LABEL, signed);
    const body = encode(eventRefusal, { eventHash, code, signature });
    for (let attempt = 0; this.#stands({ hash }); attempt++) {
      context.checkRunning();
      try {
        return await access.with((token) => provider.refuseEvent(token, room, body));
      } catch (error) {
        const sayless = error instanceof ProviderRefusal && error.rule === NO_SAY && attempt < MOST_SAYLESS;
        if (!isUndecided(error) && !sayless) throw error;
        // The event stream is closed, and does not say so.
        if (error instanceof Unreachable) context.setSituation({ connection: "offline" });
        await waitToRetry(context, error, attempt);
      }
    }
    return undefined;
  }

  /** Whether the log is still before the event that was refused. */
  #stands({ hash }: Pick<RefusedEvent, "hash">): boolean {
    const { seat, log } = this.#context.memory;
    return seat !== undefined && log.refused?.hash === hash;
  }

  /** The event is gone: the log goes on where it stands, in the group that there is. */
  async #goOn(refused: RefusedEvent): Promise<void> {
    const { hash, times } = this.#takenBack;
    this.#work.hold();
    // The stream begins again in this step.
    this.#takenBack = { hash: refused.hash, times: hash === refused.hash ? times + 1 : 1 };
    try {
      await this.#step(refused, ({ log: { cursor, hash } }) => ({
        change: { log: { cursor, hash } },
        result: undefined,
      }));
    } catch (error) {
      this.#takenBack = { hash, times };
      throw error;
    }
    deliverAgain(this.#context);
  }

  /** Somebody else follows it: it is this client that is wrong, or the policy that it goes by. */
  async #giveIn(refused: RefusedEvent): Promise<void> {
    const stands = { ...refused, stands: true } as const;
    await this.#step(refused, ({ log }) => ({ change: { log: { ...log, refused: stands } }, result: undefined }));
    const { memory } = this.#context;
    if (mustReturn(memory.log)) this.#work.comeBack();
    else this.remind(memory);
  }

  #step({ hash }: RefusedEvent, work: (memory: Memory) => StepResult<void>): Promise<void> {
    return this.#context.step(async (memory) =>
      memory.seat && memory.log.refused?.hash === hash ? work(memory) : { result: undefined },
    );
  }

  /** The last good epoch is kept, and the person told: who goes on joins again. */
  #ask({ rule, detail }: RefusedEvent): void {
    const why: Problem = { code: "outOfSync", retry: true };
    const told = { ...why, ...(rule === undefined ? {} : { rule }), ...(detail === undefined ? {} : { detail }) };
    this.#context.setSituation({ problem: told, connection: "online" });
  }
}
