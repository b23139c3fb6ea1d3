import { domainOf, providerUri } from "../codec/mimi-uri.js";
import { type Crypto, createCrypto } from "../mls/crypto.js";
import type { EntryRecord, IdentityRecord } from "../storage/records.js";
import type { SeatDatabase } from "../storage/seat-database.js";
import { Superseded } from "../storage/superseded.js";
import { createProviderClient, type ProviderClient, type RoomSummary } from "../transport/provider-client.js";
import type { ProviderRefusal } from "../transport/provider-refusal.js";
import type { EngineEvent, Problem, RoomState, TimelineEntry } from "../worker/engine-api.js";
import { Access } from "./access.js";
import { EngineProblem, isStorageProblem, problem, problemOf, storageProblem } from "./engine-problem.js";
import { forgetMemory } from "./forget-memory.js";
import { applyChange, type Change, EMPTY, type Memory, stepOf } from "./memory.js";
import type { EnginePorts, Fault } from "./ports.js";
import { StateMaker, summaryOf } from "./room-state.js";
import { StepQueue } from "./step-queue.js";
import { toEntry } from "./timeline.js";
import { unsentEntries } from "./unsent-entries.js";

/** What a page is told beside what {@link Memory} says: where the room is while there is no seat, and how it fares. */
export interface Situation {
  /** The phase while there is no seat. With one it is `joined`. */
  readonly phase: Exclude<RoomState["phase"], "joined">;
  readonly connection: RoomState["connection"];
  readonly preview: RoomSummary | undefined;
  readonly problem: Problem | undefined;
  /** The outbox entry that is on its way to the provider. */
  readonly sending: string | undefined;
}

/** What a step came to: what is to be written, and what the page is told besides, in the same moment. */
export interface StepResult<T> {
  readonly change?: Change;
  readonly situation?: Partial<Situation>;
  readonly result: T;
}

/**
 * What all parts of one engine share: the seat in memory, the one way to change it ({@link step}), the ports, and what the
 * page is told.
 */
export class EngineContext {
  readonly ports: EnginePorts;
  readonly crypto: Crypto = createCrypto();
  readonly provider: ProviderClient;
  readonly access: Access;
  /** Canonical URI of the room. */
  readonly room: string;
  /** The provider's base URL. */
  readonly providerUrl: string;
  /** URI of the hub, the provider that owns the room. */
  readonly hub: string;

  /** Called after every change that is on disk, and must not throw. */
  onChange: (memory: Memory) => void = () => {};
  /** Called when the hub is at an epoch (if it said which) that the event stream has not brought. */
  onBehind: (epoch: bigint | undefined) => void = () => {};
  /** Called when a request got no answer: the event stream may be as dead, and not know it yet. */
  onSilence: () => void = () => {};
  /**
   * Called when the hub does not know this client's place in its log, its seat or its group, with what it said to something
   * else than the event stream.
   */
  onDiverged: (refusal?: ProviderRefusal) => void = () => {};
  /** Whether nothing is to be said yet though it could be. */
  holdsBack: () => boolean = () => false;
  /** Called when the event stream has come back. */
  onOnline: () => void = () => {};
  onEvent: (event: EngineEvent) => void = () => {};

  #memory: Memory = EMPTY;
  #situation: Situation = {
    phase: "loading",
    connection: "connecting",
    preview: undefined,
    problem: undefined,
    sending: undefined,
  };
  readonly #database: SeatDatabase;
  readonly #queue = new StepQueue();
  readonly #states: StateMaker;
  readonly #stopping = new AbortController();
  #hurry = new AbortController();
  readonly #waiting = new Set<() => void>();

  constructor(
    ports: EnginePorts,
    database: SeatDatabase,
    address: { readonly provider: string; readonly room: string },
  ) {
    this.ports = ports;
    this.#database = database;
    this.room = address.room;
    this.providerUrl = address.provider;
    this.hub = providerUri(domainOf(address.room));
    this.provider = createProviderClient({ provider: address.provider, fetch: ports.fetch, clock: ports.clock });
    this.access = new Access(this);
    this.#states = new StateMaker(address);
    void database.lost.then((why) => this.#end(why));
  }

  get memory(): Memory {
    return this.#memory;
  }

  /** Who this seat is. Throws EngineProblem when it is nobody yet. */
  get identity(): IdentityRecord {
    if (!this.#memory.identity) throw problem("internal", "There is no identity yet.");
    return this.#memory.identity;
  }

  get situation(): Situation {
    return this.#situation;
  }

  get state(): RoomState {
    return this.#states.stateOf(this.#memory, this.#situation);
  }

  /** What was read from disk at the start: memory without a step. */
  restore(memory: Memory): void {
    this.#memory = memory;
  }

  /**
   * One step: `work` looks at the seat and says what to change; the change is written in one transaction, then stands in
   * memory, then is told. Steps run one at a time; one that throws has changed nothing.
   */
  step<T>(work: (memory: Memory) => Promise<StepResult<T>>): Promise<T> {
    return this.#queue.run(async () => {
      this.checkRunning();
      const { change, situation, result } = await work(this.#memory);
      if (change) await this.#apply(change, situation);
      return result;
    });
  }

  async #apply(change: Change, situation: Partial<Situation> = {}): Promise<void> {
    this.checkRunning();
    const before = this.#memory;
    const after = applyChange(before, change);
    const step = stepOf(before, after, change);
    const why = change.forget && situation.problem;
    let unsent: readonly TimelineEntry[] = [];
    try {
      if (why) unsent = await unsentEntries(this, before, why);
      await this.#database.commitStep(step);
    } catch (error) {
      if (error instanceof Superseded) {
        this.#end(error);
        throw error;
      }
      const told = storageProblem(error);
      this.setSituation({ problem: told.problem });
      throw told;
    } finally {
      step.group?.group?.fill(0, step.group.publicLength);
    }
    if (isStorageProblem(this.#situation.problem)) this.#situation = { ...this.#situation, problem: undefined };
    this.#memory = after;
    forgetMemory(before, after);
    const seen = change.forget && before.seat ? { preview: summaryOf(before.seat) } : {};
    this.#situation = { ...this.#situation, ...seen, ...situation };
    const { sending } = this.#situation;
    const entries = [...(change.entries ?? []).map((record) => toEntry(record, sending)), ...unsent];
    // With the seat goes what was never sent, if it was the person who left; what was said stays to be read.
    const gone = change.forget && !why ? before.outbox.map(({ id }) => id) : (change.entriesGone ?? []);
    if (entries.length > 0 || gone.length > 0) this.onEvent({ type: "timeline", entries, gone });
    this.#tellState();
    if (!this.stopped.aborted) this.onChange(after);
    this.#ask();
  }

  /** Changes what the page is told. `problem: undefined` takes the problem away. */
  setSituation(part: Partial<Situation>): void {
    this.#situation = { ...this.#situation, ...part };
    this.#tellState();
    this.#ask();
  }

  /** Resolves when `holds`, which is asked whenever memory or situation have changed. Throws Superseded at the engine's end. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const ask = () => {
        const { aborted } = this.stopped;
        if (!aborted && !holds()) return;
        this.#waiting.delete(ask);
        if (aborted) reject(new Superseded());
        else resolve();
      };
      this.#waiting.add(ask);
      ask();
    });
  }

  #ask(): void {
    for (const ask of [...this.#waiting]) ask();
  }

  #tellState(): void {
    if (this.stopped.aborted) return;
    const before = this.#states.latest;
    const state = this.state;
    if (state !== before) this.onEvent({ type: "state", state });
  }

  /** Marks which outbox entry is on its way; the entry's new look is told. */
  async setSending(id: string | undefined): Promise<void> {
    const before = this.#situation.sending;
    if (before === id) return;
    this.#situation = { ...this.#situation, sending: id };
    for (const changed of [before, id]) {
      const record = changed === undefined ? undefined : await this.#database.entry(changed);
      if (record) this.onEvent({ type: "timeline", entries: [toEntry(record, id)], gone: [] });
    }
  }

  get database(): Pick<SeatDatabase, "fresh" | "entry" | "entriesBefore" | "load"> {
    return this.#database;
  }

  /** A line on disk. Throws EngineProblem when it cannot be read, Superseded when this engine has ended. */
  async entry(id: string): Promise<EntryRecord | undefined> {
    try {
      return await this.#database.entry(id);
    } catch (error) {
      throw error instanceof Superseded ? error : storageProblem(error);
    }
  }

  /** Lines on disk, see SeatDatabase. Throws as {@link entry} does. */
  async entriesBefore(order: number, limit: number): Promise<readonly EntryRecord[]> {
    try {
      return await this.#database.entriesBefore(order, limit);
    } catch (error) {
      throw error instanceof Superseded ? error : storageProblem(error);
    }
  }

  fault(fault: Fault): void {
    this.ports.onFault(fault);
  }

  /** Runs work that nobody waits for; what goes wrong with it is a fault, unless the engine has stopped. */
  background(where: string, work: () => Promise<unknown>): void {
    work().catch((error) => {
      if (!this.stopped.aborted) this.fault({ where, error });
    });
  }

  /** Aborted when this engine has stopped for good. */
  get stopped(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Aborts when what waits for a better moment should try at once. */
  get hurry(): AbortSignal {
    return AbortSignal.any([this.#hurry.signal, this.stopped]);
  }

  hurryUp(): void {
    this.#hurry.abort();
    this.#hurry = new AbortController();
  }

  /** Stops for good: no step is begun or written after it. */
  stop(): void {
    if (this.stopped.aborted) return;
    this.#stopping.abort();
    this.#ask();
    this.background("close", () =>
      this.#queue.run(async () => {
        this.#database.close();
        forgetMemory(this.#memory);
      }),
    );
  }

  /** Somebody else ended this engine's hold of the seat. */
  #end(why: Superseded): void {
    if (this.stopped.aborted) return;
    this.stop();
    this.ports.onSuperseded(why);
  }

  checkRunning(): void {
    if (this.stopped.aborted) throw new Superseded();
  }

  /** Puts a failure before the person and throws it on to whoever called. */
  fail(phase: Situation["phase"], error: unknown): EngineProblem {
    const problem = problemOf(error);
    const refused = problem.code === "notAllowed" || problem.code === "banned" || problem.code === "originNotAllowed";
    // What the person does not accept it may accept yet: the way in stays open.
    const stays = problem.code === "notAccepted" && this.#situation.preview ? "preview" : phase;
    this.setSituation({ phase: refused ? "notAllowed" : stays, problem });
    return error instanceof EngineProblem ? error : new EngineProblem(problem);
  }
}
