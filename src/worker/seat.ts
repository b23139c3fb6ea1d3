import { toBase64Url } from "../codec/bytes.js";
import { readAddress, seatName } from "../engine/address.js";
import { newRoomUri } from "../engine/commands/create-room.js";
import { problem } from "../engine/engine-problem.js";
import type {
  Acceptance,
  Draft,
  EngineApi,
  EngineEvent,
  NewRoom,
  RoomAddress,
  RoomState,
  TimelineEntry,
} from "./engine-api.js";
import type { CallName, CallParameters, CallResult } from "./engine-calls.js";
import { EnteredSeat } from "./entered-seat.js";
import type { ExplainedChange, RoomSettings, SettingsChange, Standing, UserModeration } from "./organiser-api.js";
import type { PageApi } from "./page-call.js";
import type { WorkerPorts } from "./ports.js";

/** Calls of one page that wait at most: more would be a page gone wild. */
const MOST_CALLS = 500;
/** Listeners at most: a page has one. */
const MOST_LISTENERS = 50;
/** The seat that a page asks for: an address becomes a seat, a call an event or an outcome of it. */
export class Seat implements EngineApi, PageApi {
  readonly #ports: WorkerPorts;
  readonly #suffix: string;
  readonly #listeners = new Map<number, (event: EngineEvent) => void>();
  #subscriptions = 0;
  #entered: Promise<EnteredSeat> | undefined;
  #calls = 0;

  /** `suffix` is added to the seat's name: another seat in the same room, in the same browser. */
  constructor(ports: WorkerPorts, suffix = "") {
    this.#ports = ports;
    this.#suffix = suffix;
  }

  async open({ userKey, ...address }: RoomAddress): Promise<RoomState> {
    const wanted = readAddress(address);
    this.#entered ??= this.#enter(wanted, { userKey, resume: true });
    const entered = await this.#entered;
    if (entered.seat.room !== wanted.room || entered.seat.provider !== wanted.provider) {
      throw problem("invalidAddress", "A seat opens one room.");
    }
    return entered.open(userKey);
  }

  async create(room: NewRoom): Promise<string> {
    const provider = readAddress({ provider: room.provider, room: "mimi://any/r/any" }).provider;
    const uri = await newRoomUri(this.#ports.engine, provider);
    this.#entered = this.#enter({ provider, room: uri }, { resume: false });
    await (await this.#entered).create({ ...room, provider });
    return uri;
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

  rename(name: string): Promise<void> {
    return this.#call("rename", [name]);
  }

  accept(acceptance: Acceptance): Promise<void> {
    return this.#call("accept", [acceptance]);
  }

  moderation(user: string): Promise<UserModeration> {
    return this.#call("moderation", [user]);
  }

  kick(user: string): Promise<void> {
    return this.#call("kick", [user]);
  }

  changeStanding(user: string, standing: Standing): Promise<void> {
    return this.#call("changeStanding", [user, standing]);
  }

  settings(): Promise<RoomSettings> {
    return this.#call("settings", []);
  }

  explain(change: SettingsChange): Promise<ExplainedChange> {
    return this.#call("explain", [change]);
  }

  changeSettings(change: SettingsChange): Promise<void> {
    return this.#call("changeSettings", [change]);
  }

  async older(before: number, limit: number): Promise<TimelineEntry[]> {
    return this.#bounded((entered) => entered.older(before, limit));
  }

  recoveryKit(passphrase: string): Promise<string> {
    return this.#call("recoveryKit", [passphrase]);
  }

  restore(kit: string, passphrase: string): Promise<void> {
    return this.#call("restore", [kit, passphrase]);
  }

  async subscribe(listener: (event: EngineEvent) => void): Promise<number> {
    if (this.#listeners.size >= MOST_LISTENERS) throw problem("rateLimited", "Too many listeners.");
    this.#listeners.set(++this.#subscriptions, listener);
    return this.#subscriptions;
  }

  async unsubscribe(subscription: number): Promise<void> {
    this.#listeners.delete(subscription);
  }

  async pageHidden(): Promise<void> {
    await (await this.#entered)?.hide();
  }

  async pageShown(): Promise<void> {
    await (await this.#entered)?.show();
  }

  /** Gives the seat back to the other tabs. */
  async close(): Promise<void> {
    (await this.#entered)?.leave();
    this.#listeners.clear();
  }

  async #enter(
    address: { readonly provider: string; readonly room: string },
    how: { readonly userKey?: string | undefined; readonly resume: boolean },
  ): Promise<EnteredSeat> {
    const entered = new EnteredSeat({
      ports: this.#ports,
      seat: { ...address, name: seatName(address, this.#suffix) },
      tell: (event) => {
        for (const listener of this.#listeners.values()) listener(event);
      },
      ...how,
    });
    await entered.enter();
    return entered;
  }

  #call<Name extends CallName>(name: Name, parameters: CallParameters<Name>): Promise<CallResult<Name>> {
    return this.#bounded((entered) => entered.call(name, parameters));
  }

  async #bounded<T>(work: (entered: EnteredSeat) => Promise<T>): Promise<T> {
    const entered = await this.#entered;
    if (!entered) throw problem("internal", "No room is open.");
    if (this.#calls >= MOST_CALLS) throw problem("rateLimited", "Too many calls wait.");
    this.#calls += 1;
    try {
      return await work(entered);
    } finally {
      this.#calls -= 1;
    }
  }
}
