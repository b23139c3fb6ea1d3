import { toBase64Url } from "../codec/bytes.js";
import { readAddress, seatName } from "../engine/address.js";
import { newRoomUri } from "../engine/commands/create-room.js";
import { Engine, type EngineSeat } from "../engine/engine.js";
import { problem } from "../engine/engine-problem.js";
import { Superseded } from "../storage/superseded.js";
import type { Draft, EngineApi, EngineEvent, NewRoom, RoomAddress, RoomState, TimelineEntry } from "./engine-api.js";
import { type CallName, type CallParameters, type CallResult, runCall } from "./engine-calls.js";
import { Follower } from "./follower.js";
import { Leader } from "./leader.js";
import { Leadership } from "./leadership.js";
import type { TabChannelPort, WorkerPorts } from "./ports.js";
import { readTabMessage, type TabMessage } from "./tab-message.js";

/** How much of the timeline a new leader tells: what tabs may have missed between the old one's last word and its first. */
const RETOLD = 100;

/** A seat that was entered: its channel, its leadership, and both roles. */
interface Entered {
  readonly seat: EngineSeat;
  readonly userKey: string | undefined;
  readonly channel: TabChannelPort;
  readonly leadership: Leadership;
  readonly follower: Follower;
  readonly leader: Leader;
}

/**
 * A tab's way to its seat in a room. One tab leads: it runs the engine. The others have their calls carried out by it, and
 * hear its events; when it goes, the next one leads, and repeats what was not answered.
 */
export class Seat implements EngineApi {
  readonly #ports: WorkerPorts;
  readonly #suffix: string;
  readonly #listeners = new Map<number, (event: EngineEvent) => void>();
  #subscriptions = 0;
  #entered: Promise<Entered> | undefined;
  #now: Entered | undefined;
  #engine: Promise<Engine> | undefined;
  #hidden = false;
  /** Whether the seat is one of a room that is not made yet: there is nothing to resume in it. */
  #creating = false;

  /** `suffix` is added to the seat's name: another seat in the same room, in the same browser. */
  constructor(ports: WorkerPorts, suffix = "") {
    this.#ports = ports;
    this.#suffix = suffix;
  }

  async open({ userKey, ...address }: RoomAddress): Promise<RoomState> {
    const wanted = readAddress(address);
    this.#entered ??= this.#enter(wanted, userKey);
    const { seat } = await this.#entered;
    if (seat.room !== wanted.room || seat.provider !== wanted.provider) {
      throw problem("invalidAddress", "A seat opens one room.");
    }
    return this.#call("open", userKey === undefined ? [] : [userKey]);
  }

  async create(room: NewRoom): Promise<string> {
    const provider = readAddress({ provider: room.provider, room: "mimi://any/r/any" }).provider;
    const uri = await newRoomUri(this.#ports.engine, provider);
    this.#creating = true;
    try {
      this.#entered = this.#enter({ provider, room: uri }, undefined);
      await this.#entered;
      const engine = await this.#leadingEngine();
      await engine.create({ ...room, provider });
      return uri;
    } finally {
      this.#creating = false;
    }
  }

  join(nickname: string): Promise<void> {
    return this.#call("join", [nickname]);
  }

  send(draft: Draft): Promise<string> {
    // The salt makes a repeated call the same message.
    const salt = draft.salt ?? toBase64Url(this.#ports.engine.random(16));
    return this.#call("send", [{ ...draft, salt }]);
  }

  retry(messageId: string): Promise<void> {
    return this.#call("retry", [messageId]);
  }

  discard(messageId: string): Promise<void> {
    return this.#call("discard", [messageId]);
  }

  leave(): Promise<void> {
    return this.#call("leave", []);
  }

  reconnect(): Promise<void> {
    return this.#call("reconnect", []);
  }

  older(before: number, limit: number): Promise<TimelineEntry[]> {
    return this.#call("older", [before, limit]);
  }

  recoveryKit(passphrase: string): Promise<string> {
    return this.#call("recoveryKit", [passphrase]);
  }

  restore(kit: string, passphrase: string): Promise<void> {
    return this.#call("restore", [kit, passphrase]);
  }

  async subscribe(listener: (event: EngineEvent) => void): Promise<number> {
    this.#listeners.set(++this.#subscriptions, listener);
    return this.#subscriptions;
  }

  async unsubscribe(subscription: number): Promise<void> {
    this.#listeners.delete(subscription);
  }

  /** The page may be frozen: the socket is closed, the lock is kept (a lock given back would let two tabs write). */
  async pageHidden(): Promise<void> {
    this.#hidden = true;
    if (this.#now?.leadership.leading) (await this.#engine)?.pause();
  }

  /** The page is back. A tab that follows looks whether its leader lives. */
  async pageShown(): Promise<void> {
    this.#hidden = false;
    if (!this.#now) return;
    if (this.#now.leadership.leading) return (await this.#engine)?.resume();
    // What the leader told meanwhile may not have come through to a page that was frozen.
    this.#tellOwn({ type: "state", state: await this.#call("open", []) });
    const entries = await this.#call("older", [Number.MAX_SAFE_INTEGER, RETOLD]);
    this.#tellOwn({ type: "timeline", entries, gone: [] });
  }

  /** Gives the seat back to the other tabs. */
  async close(): Promise<void> {
    const entered = await this.#entered;
    entered?.leadership.stop();
    entered?.channel.close();
    this.#listeners.clear();
  }

  async #enter(
    address: { readonly provider: string; readonly room: string },
    userKey: string | undefined,
  ): Promise<Entered> {
    const seat = { ...address, name: seatName(address, this.#suffix) };
    const { clock } = this.#ports.engine;
    const channel = this.#ports.openChannel(seat.name, (message) => this.#heard(readTabMessage(message)));
    const post = (message: TabMessage) => channel.post(message);
    const leadership = new Leadership(this.#ports.requestLock, seat.name, {
      lead: () => this.#lead(),
      lost: () => this.#lost(),
    });
    const follower = new Follower({ post, clock, frozen: () => leadership.steal() });
    const leader = new Leader({ post, clock, engine: () => this.#leadingEngine() });
    this.#now = { seat, userKey, channel, leadership, follower, leader };
    await leadership.start();
    return this.#now;
  }

  #heard(message: TabMessage | undefined): void {
    const entered = this.#now;
    if (!entered || !message) return;
    if (entered.leadership.leading) {
      if (message.kind === "call") void entered.leader.serve(message);
      return;
    }
    if (message.kind === "call") return;
    entered.follower.heard(message);
    if (message.kind === "event") this.#tellOwn(message.event);
  }

  #lead(): void {
    this.#now?.channel.post({ kind: "lead" } satisfies TabMessage);
    if (!this.#creating) void this.#takeOver().catch((error) => this.#ports.engine.onFault({ where: "lead", error }));
    this.#now?.follower.takeAll();
  }

  /** Resumes the seat and tells its state, and the end of its timeline, to all tabs. */
  async #takeOver(): Promise<void> {
    const engine = await this.#leadingEngine();
    const state = await engine.open(this.#now?.userKey);
    if (this.#hidden) engine.pause();
    this.#tell({ type: "state", state });
    const entries = await engine.older(Number.MAX_SAFE_INTEGER, RETOLD);
    if (entries.length > 0) this.#tell({ type: "timeline", entries, gone: [] });
  }

  #lost(): void {
    const engine = this.#engine;
    this.#engine = undefined;
    this.#now?.leader.stop();
    void engine?.then((taken) => taken.stop()).catch(() => {});
  }

  #leadingEngine(): Promise<Engine> {
    if (this.#engine) return this.#engine;
    const seat = this.#now?.seat;
    if (!seat || !this.#now?.leadership.leading) return Promise.reject(new Superseded());
    const ports = { ...this.#ports.engine, onSuperseded: () => this.#now?.leadership.yield() };
    const taking = Engine.take(ports, seat, (event) => this.#tell(event));
    this.#engine = taking;
    // Storage that failed once may be there the next time.
    taking.catch(() => {
      if (this.#engine === taking) this.#engine = undefined;
    });
    return taking;
  }

  async #call<Name extends CallName>(name: Name, parameters: CallParameters<Name>): Promise<CallResult<Name>> {
    await this.#entered;
    const entered = this.#now;
    if (!entered) throw problem("internal", "No room is open.");
    if (!entered.leadership.leading) return entered.follower.call(name, parameters, () => this.#call(name, parameters));
    try {
      return await runCall(await this.#leadingEngine(), name, parameters);
    } catch (error) {
      // Superseded while at it: the new leader is asked.
      if (error instanceof Superseded && !entered.leadership.leading) return this.#call(name, parameters);
      throw error;
    }
  }

  /** Tells an event of the engine here to the page, and to the other tabs. */
  #tell(event: EngineEvent): void {
    if (this.#now?.leadership.leading) this.#now.channel.post({ kind: "event", event } satisfies TabMessage);
    this.#tellOwn(event);
  }

  #tellOwn(event: EngineEvent): void {
    for (const listener of this.#listeners.values()) listener(event);
  }
}
