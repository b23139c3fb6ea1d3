import type {
  Acceptance,
  Draft,
  EngineEvent,
  NewRoom,
  Problem,
  RoomAddress,
  RoomState,
  TimelineEntry,
} from "../worker/engine-api.js";
import type {
  ExplainedChange,
  RoomSettings,
  SettingsChange,
  Standing,
  UserModeration,
} from "../worker/organiser-api.js";
import type { PageCallName, PageCallParameters, PageCallResult } from "../worker/page-call.js";
import { connectWorker } from "./connect-worker.js";
import { initialState } from "./initial-state.js";
import { PageLifecycle } from "./page-lifecycle.js";
import { RoomError, toProblem } from "./room-error.js";
import { type RoomClientEventMap, RoomStateEvent, RoomTimelineEvent } from "./room-events.js";
import { TimelineModel } from "./timeline-model.js";
import type { WorkerConnection } from "./worker-connection.js";

/** How many entries are loaded at the start, and by {@link RoomClient.loadOlder} when it is not told. */
const PAGE = 50;

/** Where a client connects to, and what it runs. */
export interface ConnectOptions extends RoomAddress {
  /** URL of the worker's file, for pages whose Content-Security-Policy forbids `worker-src blob:`. */
  readonly workerSrc?: string;
}

/**
 * A room, for a page: one object with the room's state, its timeline and what can be done in it. It starts the worker
 * that runs the room's engine. Importing this module touches no DOM; {@link connect} does.
 *
 * @fires {RoomStateEvent} mimi-state - The state changed; see {@link state}.
 * @fires {RoomTimelineEvent} mimi-timeline - The timeline changed; see {@link entries}.
 */
export class RoomClient extends EventTarget {
  #state: RoomState = initialState("", "");
  #timeline = new TimelineModel();
  #hasOlder = false;
  /** From this order on an entry is news; before the timeline's end is loaded nothing is. */
  #newsFrom = Number.POSITIVE_INFINITY;
  #connection: WorkerConnection | undefined;
  #lifecycle: PageLifecycle | undefined;
  #closed = false;
  #persisting = false;

  /** The room's state; `loading` before {@link connect}. */
  get state(): RoomState {
    return this.#state;
  }

  /** The timeline as far as it is loaded, oldest first. A new array after every change. */
  get entries(): readonly TimelineEntry[] {
    return this.#timeline.entries;
  }

  /** Whether {@link loadOlder} may find more. */
  get hasOlder(): boolean {
    return this.#hasOlder;
  }

  /**
   * Opens this browser's seat in a room: resumes it, or fetches the preview. Resolves with the state reached. What goes
   * wrong is a state too (`phase: "failed"` with a problem), never an exception. Good once a client.
   */
  async connect({ workerSrc, ...address }: ConnectOptions): Promise<RoomState> {
    this.#setState(initialState(address.provider, address.room));
    try {
      await this.#start(workerSrc);
      this.#setState(await this.#call("open", address));
      await this.#loadLatest();
    } catch (error) {
      this.#fail(error);
    }
    return this.#state;
  }

  /** Makes a room and takes its owner's seat in this browser. Rejects with RoomError. */
  static async createRoom(
    room: NewRoom,
    options: { readonly workerSrc?: string } = {},
  ): Promise<{ readonly client: RoomClient; readonly room: string }> {
    const client = new RoomClient();
    try {
      await client.#start(options.workerSrc);
      const uri = await client.#call("create", room);
      client.#setState(await client.#call("open", { provider: room.provider, room: uri }));
      await client.#loadLatest();
      client.#askToPersist();
      return { client, room: uri };
    } catch (error) {
      client.close();
      throw error;
    }
  }

  /** Joins under a nickname. Resolves when joined; rejects with RoomError, and {@link state} tells the same. */
  async join(nickname: string): Promise<void> {
    await this.#call("join", nickname);
    this.#askToPersist();
  }

  /** Puts a message into the outbox; resolves with its ID when it is kept, before it is sent. */
  async send(draft: Draft): Promise<string> {
    return this.#call("send", draft);
  }

  /** Sends a failed message again. */
  async retry(messageId: string): Promise<void> {
    return this.#call("retry", messageId);
  }

  /** Takes a failed or waiting message away. */
  async discard(messageId: string): Promise<void> {
    return this.#call("discard", messageId);
  }

  /** Leaves the room and deletes the keys of this seat. The timeline stays until the page goes. */
  async leave(): Promise<void> {
    return this.#call("leave");
  }

  /** Tries again at once what waits for the network or failed. */
  async reconnect(): Promise<void> {
    return this.#call("reconnect");
  }

  /** Calls the room by another name. Resolves when everybody inside agrees on it; rejects with RoomError. */
  async rename(name: string): Promise<void> {
    return this.#call("rename", name);
  }

  /** Says what the person accepts of rooms. Rejects with RoomError where the room that one is in is not. */
  async accept(acceptance: Acceptance): Promise<void> {
    return this.#call("accept", acceptance);
  }

  /** What the own user may do to another. */
  async moderation(user: string): Promise<UserModeration> {
    return this.#call("moderation", user);
  }

  /** Takes a user out, who may come back where the policy lets it. */
  async kick(user: string): Promise<void> {
    return this.#call("kick", user);
  }

  /** Gives a user another place in the policy; `banned` takes it out. */
  async changeStanding(user: string, standing: Standing): Promise<void> {
    return this.#call("changeStanding", user, standing);
  }

  /** The room's policy, for a form. */
  async settings(): Promise<RoomSettings> {
    return this.#call("settings");
  }

  /** What a change of settings would do, and to whom. */
  async explain(change: SettingsChange): Promise<ExplainedChange> {
    return this.#call("explain", change);
  }

  /** Changes the policy; whom the new one excludes is removed. */
  async changeSettings(change: SettingsChange): Promise<void> {
    return this.#call("changeSettings", change);
  }

  /** Loads up to `limit` entries older than those loaded. Resolves with how many came. */
  async loadOlder(limit = PAGE): Promise<number> {
    const older = await this.#call("older", this.#timeline.oldest, limit);
    this.#hasOlder = older.length === limit;
    this.#merge(older, [], "history");
    this.#timeline.keep();
    return older.length;
  }

  /** A JSON document with the user key of this seat, encrypted under `passphrase`. */
  async recoveryKit(passphrase: string): Promise<string> {
    return this.#call("recoveryKit", passphrase);
  }

  /** Takes over the user key of a recovery kit of this room; {@link join} then joins as that user. */
  async restore(kit: string, passphrase: string): Promise<void> {
    return this.#call("restore", kit, passphrase);
  }

  /** Ends the worker and every event of this client. The seat stays: another client may open it. */
  close(): void {
    this.#closed = true;
    this.#lifecycle?.stop();
    this.#connection?.terminate();
    this.#connection = undefined;
  }

  override addEventListener<Type extends keyof RoomClientEventMap>(
    type: Type,
    listener: ((event: RoomClientEventMap[Type]) => void) | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void {
    super.addEventListener(type, listener, options);
  }

  #call<Name extends PageCallName>(name: Name, ...parameters: PageCallParameters<Name>): Promise<PageCallResult<Name>> {
    if (!this.#connection)
      throw new RoomError({ code: "internal", detail: "The client is not connected.", retry: false });
    return this.#connection.call(name, ...parameters);
  }

  async #start(workerSrc: string | undefined): Promise<void> {
    if (this.#connection) throw new RoomError({ code: "internal", detail: "A client connects once.", retry: false });
    const connection = await connectWorker(workerSrc, (event) => this.#receive(event));
    if (this.#closed) {
      connection.terminate();
      throw new RoomError({ code: "internal", detail: "The client was closed.", retry: false });
    }
    this.#connection = connection;
    this.#lifecycle = new PageLifecycle(connection);
  }

  async #loadLatest(): Promise<void> {
    const latest = await this.#call("older", Number.MAX_SAFE_INTEGER, PAGE);
    this.#hasOlder = latest.length === PAGE;
    this.#merge(latest, [], "history");
    this.#newsFrom = latest[0]?.order ?? 0;
  }

  /**
   * Asks the browser not to evict this site's storage. Not before there are keys to keep, for some browsers ask the person;
   * whatever it answers, nothing else changes.
   */
  #askToPersist(): void {
    if (!this.#persisting) navigator.storage?.persist?.().catch(() => {});
    this.#persisting = true;
  }

  #receive(event: EngineEvent): void {
    if (this.#closed) return;
    if (event.type === "state") this.#setState(event.state);
    else this.#receiveTimeline(event);
  }

  /** A new leader tells the end of the timeline anew, which may begin before what is loaded here. */
  #receiveTimeline(event: Extract<EngineEvent, { type: "timeline" }>): void {
    const isNews = ({ order }: TimelineEntry) => order >= this.#newsFrom;
    this.#merge(
      event.entries.filter((entry) => !isNews(entry)),
      [],
      "history",
    );
    this.#merge(event.entries.filter(isNews), event.gone, "live");
    if (this.#timeline.trim()) this.#hasOlder = true;
  }

  #merge(entries: readonly TimelineEntry[], gone: readonly string[], cause: "live" | "history"): void {
    const change = this.#timeline.merge(entries, gone);
    if (change) this.dispatchEvent(new RoomTimelineEvent(this.entries, change.changed, change.gone, cause));
  }

  #setState(state: RoomState): void {
    this.#state = state;
    this.dispatchEvent(new RoomStateEvent(state));
    if (state.problem?.code === "storageCleared") this.#failWaiting(state.problem);
  }

  /** What waited to be sent was on the disk that is gone: what it said is here only, and will not be sent. */
  #failWaiting({ code }: Problem): void {
    const waiting = this.entries.filter(({ status }) => status === "waiting" || status === "sending");
    const problem = { code, retry: false };
    this.#merge(
      waiting.map((entry) => ({ ...entry, status: "failed", problem })),
      [],
      "history",
    );
  }

  #fail(error: unknown): void {
    if (this.#closed) return;
    this.#setState({ ...this.#state, phase: "failed", connection: "offline", problem: toProblem(error) });
  }
}
