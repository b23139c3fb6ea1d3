import type { EngineSeat } from "../engine/engine.js";
import { type EngineProblem, problem, problemOf } from "../engine/engine-problem.js";
import { type SeatEnd, Superseded } from "../storage/superseded.js";
import type { EngineEvent, NewRoom, Problem, RoomState, TimelineEntry } from "./engine-api.js";
import { type CallName, type CallParameters, type CallResult, runCall } from "./engine-calls.js";
import { Follower } from "./follower.js";
import { Leader } from "./leader.js";
import { Leadership } from "./leadership.js";
import type { WorkerPorts } from "./ports.js";
import { QuietWatch } from "./quiet-watch.js";
import { newestOf, retell } from "./retell.js";
import { SeatEngine } from "./seat-engine.js";
import { TabChannel } from "./tab-channel.js";
import type { TabMessage } from "./tab-message.js";

/** How often a call is begun again when the engine under it was ended by somebody else. */
const MOST_REPEATS = 3;
/** A database that is taken away again so soon is not opened anew unasked, in milliseconds. */
const SOON = 10_000;

interface EnteredSeatOptions {
  readonly ports: WorkerPorts;
  readonly seat: EngineSeat;
  readonly userKey?: string | undefined;
  /** Whether there may be something to resume: not in the seat of a room that is not made yet. */
  readonly resume: boolean;
  /** Tells an event to the page of this tab. */
  readonly tell: (event: EngineEvent) => void;
}

/**
 * A seat as one tab takes part in it. One tab leads: it runs the engine. The others have their calls carried out by it, and hear
 * its events; when it goes, the next one leads, and repeats what was not answered. Where a later release of this code takes
 * part, this one ends.
 */
export class EnteredSeat {
  readonly #options: EnteredSeatOptions;
  readonly #channel: TabChannel;
  readonly #leadership: Leadership;
  readonly #follower: Follower;
  readonly #leader: Leader;
  readonly #engine: SeatEngine;
  readonly #watch: QuietWatch;
  #resume: boolean;
  /** The state that the page was told last. */
  #latest: RoomState | undefined;
  #hidden = false;
  /** Why this tab can do nothing more until it is reloaded. */
  #end: EngineProblem | undefined;
  #reopenedLately = false;
  #left = false;
  /** The highest order of what was said that the page has. */
  #newest = Number.POSITIVE_INFINITY;

  constructor(options: EnteredSeatOptions) {
    this.#options = options;
    this.#resume = options.resume;
    const { ports, seat } = options;
    const { clock, random } = ports.engine;
    const roles = { lead: () => this.#lead(), lost: () => this.#lost() };
    this.#leadership = new Leadership(ports.requestLock, seat.name, roles);
    const steal = () => this.#leadership.steal();
    this.#channel = new TabChannel({
      open: ports.openChannel,
      name: seat.name,
      release: ports.release,
      events: {
        heard: (message) => this.#heard(message),
        // It may be too old to know that it should yield.
        olderLeads: steal,
        newer: () => this.#outdated(),
      },
    });
    const { post } = this.#channel;
    this.#engine = new SeatEngine({
      ports: ports.engine,
      seat,
      leading: () => this.#leadership.leading,
      joinedAs: () => (this.#latest?.phase === "joined" ? this.#latest.me?.nickname : undefined),
      tell: (event) => this.#tell(event),
      ended: (why) => this.#ended(why),
    });
    this.#follower = new Follower({ post, clock, random, frozen: steal });
    this.#watch = new QuietWatch(clock, () => this.#look());
    this.#leader = new Leader({ post, clock, run: (name, parameters) => this.#here(name, parameters) });
  }

  get seat(): EngineSeat {
    return this.#options.seat;
  }

  /** Resolves when it is known whether this tab leads. */
  async enter(): Promise<void> {
    this.#channel.post({ kind: "hello" });
    await this.#leadership.start();
    this.#watch.heard();
  }

  async open(userKey: string | undefined): Promise<RoomState> {
    this.#latest = await this.call("open", userKey === undefined ? [] : [userKey]);
    return this.#latest;
  }

  async older(before: number, limit: number): Promise<TimelineEntry[]> {
    const entries = await this.call("older", [before, limit]);
    this.#newest = newestOf(this.#newest, entries);
    return entries;
  }

  /** Makes the room whose seat this is. */
  async create(room: NewRoom): Promise<void> {
    try {
      const engine = await this.#engine.soon();
      await engine.create(room);
    } finally {
      this.#resume = true;
    }
  }

  /** Has a call carried out by the leader, whichever tab that is. Throws EngineProblem, and what `Engine` throws. */
  async call<Name extends CallName>(name: Name, parameters: CallParameters<Name>): Promise<CallResult<Name>> {
    try {
      return await this.#carryOut(name, parameters);
    } catch (error) {
      throw this.#end ?? error;
    }
  }

  /** The page may be frozen: the socket is closed, the lock is kept (a lock given back would let two tabs write). */
  async hide(): Promise<void> {
    this.#hidden = true;
    if (this.#leadership.leading) (await this.#engine.present)?.pause();
  }

  /** The page is back. A tab that follows looks whether its leader lives. */
  async show(): Promise<void> {
    this.#hidden = false;
    if (this.#end) return;
    if (this.#leadership.leading) return (await this.#engine.present)?.resume();
    await this.#catchUp();
  }

  /** A leader that is asleep says nothing, and a tab that only reads asks it nothing: without this it would never know. */
  #look(): void {
    if (!this.#leadership.leading && !this.#hidden && !this.#end) this.#follow();
  }

  #follow(): void {
    this.#catchUp().catch((error) => this.#trouble("follow", error));
  }

  /** What the leader told meanwhile may not have come through to a page that was frozen: it is asked. */
  async #catchUp(): Promise<void> {
    this.#tellOwn({ type: "state", state: await this.call("open", []) });
    const older = (before: number, limit: number) => this.call("older", [before, limit]);
    await retell(this.#newest, older, (event) => this.#tellOwn(event));
  }

  /** Gives the seat back to the other tabs. */
  leave(): void {
    this.#left = true;
    this.#watch.stop();
    this.#leadership.stop();
    this.#channel.close();
  }

  #heard(message: TabMessage): void {
    if (this.#leadership.leading) {
      if (message.kind === "call") void this.#leader.serve(message);
      return;
    }
    if (message.kind === "call") return;
    this.#follower.heard(message);
    this.#watch.heard();
    if (message.kind === "event") this.#tellOwn(message.event);
  }

  #lead(): void {
    this.#channel.post({ kind: "lead" });
    if (this.#resume) void this.#takeOver();
    this.#follower.takeAll();
  }

  /** Resumes the seat and tells its state, and the end of its timeline, to all tabs; or why that did not work. */
  async #takeOver(): Promise<void> {
    try {
      const engine = await this.#engine.take();
      const state = await engine.open(this.#options.userKey);
      if (this.#hidden) engine.pause();
      this.#tell({ type: "state", state });
      const older = (before: number, limit: number) => engine.older(before, limit);
      await retell(this.#newest, older, (event) => this.#tell(event));
    } catch (error) {
      this.#trouble("lead", error);
    }
  }

  #lost(): void {
    this.#engine.stop();
    this.#leader.stop();
    if (this.#left || this.#end) return;
    // A page that was asleep learns late that it leads no more, and has heard nothing since.
    this.#follow();
  }

  /** Nobody waits for it: the page is told. */
  #trouble(where: string, error: unknown): void {
    if (error instanceof Superseded || this.#end || this.#left) return;
    this.#options.ports.engine.onFault({ where, error });
    this.#tellTrouble(problemOf(error));
  }

  /** Somebody else ended the engine's hold of the seat. */
  #ended(why: SeatEnd): void {
    if (why === "taken") this.#leadership.yield();
    if (why === "outdated") this.#outdated();
    if (why === "gone") this.#reopen();
  }

  /** The database was taken away from under the engine: what is there now is what goes on. */
  #reopen(): void {
    if (this.#reopenedLately) {
      this.#tellTrouble(problem("storageUnavailable", "The seat's database is closed again and again.").problem);
      return;
    }
    this.#reopenedLately = true;
    this.#options.ports.engine.clock.after(SOON, () => {
      this.#reopenedLately = false;
    });
    void this.#openAgain();
  }

  async #openAgain(): Promise<void> {
    await this.#engine.takeAgain();
    await this.#takeOver();
  }

  /** There is a later version of this code: it takes the seat over as it is on disk, and this one never touches it again. */
  #outdated(): void {
    if (this.#end) return;
    this.#watch.stop();
    this.#end = problem("outdated", "A later version of this code has taken over this seat.");
    this.#leadership.stop();
    this.#channel.close();
    this.#follower.refuseAll(this.#end);
    if (this.#latest) {
      const state = { ...this.#latest, phase: "failed", connection: "offline", problem: this.#end.problem } as const;
      this.#tellOwn({ type: "state", state });
    }
  }

  async #carryOut<Name extends CallName>(name: Name, parameters: CallParameters<Name>): Promise<CallResult<Name>> {
    if (this.#end) throw this.#end;
    if (!this.#leadership.leading) {
      return this.#follower.call(name, parameters, () => this.#carryOut(name, parameters));
    }
    try {
      return await this.#here(name, parameters);
    } catch (error) {
      // Superseded while at it: the new leader is asked.
      if (error instanceof Superseded && !this.#leadership.leading) return this.#carryOut(name, parameters);
      throw error;
    }
  }

  /** Carries a call out in this tab, which leads. Throws Superseded when it does not any more. */
  async #here<Name extends CallName>(name: Name, parameters: CallParameters<Name>): Promise<CallResult<Name>> {
    for (let repeats = 0; ; repeats++) {
      try {
        return await runCall(await this.#engine.soon(), name, parameters);
      } catch (error) {
        // The engine was ended, and this tab still leads: its next one is asked.
        const again = error instanceof Superseded && !this.#end && this.#leadership.leading;
        if (!again || repeats >= MOST_REPEATS) throw error;
      }
    }
  }

  /** Tells an event of the engine here to the page, and to the other tabs. */
  #tell(event: EngineEvent): void {
    if (this.#end) return;
    if (this.#leadership.leading) this.#channel.post({ kind: "event", event });
    this.#tellOwn(event);
  }

  #tellOwn(event: EngineEvent): void {
    if (event.type === "state") this.#latest = event.state;
    else this.#newest = newestOf(this.#newest, event.entries);
    this.#options.tell(event);
  }

  /** The state that was told last, with a problem: there is no engine to make one. */
  #tellTrouble(told: Problem): void {
    if (this.#latest) this.#tell({ type: "state", state: { ...this.#latest, connection: "offline", problem: told } });
  }
}
