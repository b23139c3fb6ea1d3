import type { RoomSource } from "../../components/room-source.js";
import type {
  Acceptance,
  Draft,
  ExplainedChange,
  Problem,
  RoomSettings,
  RoomState,
  SettingsChange,
  Standing,
  TimelineEntry,
  UserModeration,
} from "../../src/client/contract.js";
import { RoomError } from "../../src/client/room-error.js";
import { type RoomClientEventMap, RoomStateEvent, RoomTimelineEvent } from "../../src/client/room-events.js";
import { organised, type ShownOrganised } from "./shown-organised.js";

/**
 * A room that only shows what it is told to, for tests and pictures of what the elements draw. It does nothing by
 * itself: what is asked of it is noted in {@link asked}.
 */
export class ShownRoom implements RoomSource {
  readonly asked: string[] = [];
  readonly #target = new EventTarget();

  /** What the next call comes to, instead of being noted only. */
  refusal: Problem | undefined;

  /** Entries that {@link loadOlder} brings, newest last. */
  history: TimelineEntry[] = [];

  /** What organisers are told. */
  organised: ShownOrganised = organised;

  constructor(
    public state: RoomState,
    public entries: readonly TimelineEntry[] = [],
  ) {}

  get hasOlder(): boolean {
    return this.history.length > 0;
  }

  show(state: Partial<RoomState>): void {
    this.state = { ...this.state, ...state };
    this.#target.dispatchEvent(new RoomStateEvent(this.state));
  }

  say(...entries: TimelineEntry[]): void {
    const ids = new Set(entries.map((entry) => entry.id));
    this.entries = [...this.entries.filter((entry) => !ids.has(entry.id)), ...entries].sort(
      (a, b) => a.order - b.order,
    );
    this.#target.dispatchEvent(new RoomTimelineEvent(this.entries, entries, [], "live"));
  }

  async join(nickname: string): Promise<void> {
    this.#ask(`join ${nickname}`);
  }

  async send({ text, format }: Draft): Promise<string> {
    this.#ask(`send ${format} ${text}`);
    return "id";
  }

  async retry(id: string): Promise<void> {
    this.#ask(`retry ${id}`);
  }

  async discard(id: string): Promise<void> {
    this.#ask(`discard ${id}`);
  }

  async leave(): Promise<void> {
    this.#ask("leave");
  }

  async reconnect(): Promise<void> {
    this.#ask("reconnect");
  }

  async rename(name: string): Promise<void> {
    this.#ask(`rename ${name}`);
  }

  async accept(acceptance: Acceptance): Promise<void> {
    this.#ask(`accept ${JSON.stringify(acceptance)}`);
  }

  async moderation(user: string): Promise<UserModeration> {
    return this.organised.moderation(user);
  }

  async settings(): Promise<RoomSettings> {
    return this.organised.settings;
  }

  async explain(change: SettingsChange): Promise<ExplainedChange> {
    this.#ask(`explain ${JSON.stringify(change)}`);
    return this.organised.explained;
  }

  async kick(user: string): Promise<void> {
    this.#ask(`kick ${user}`);
  }

  async changeStanding(user: string, standing: Standing): Promise<void> {
    this.#ask(`changeStanding ${user} ${standing}`);
  }

  async changeSettings(change: SettingsChange): Promise<void> {
    this.#ask(`changeSettings ${JSON.stringify(change)}`);
  }

  async loadOlder(limit = 50): Promise<number> {
    const older = this.history.splice(-limit);
    this.entries = [...older, ...this.entries];
    this.#target.dispatchEvent(new RoomTimelineEvent(this.entries, older, [], "history"));
    return older.length;
  }

  addEventListener<Type extends keyof RoomClientEventMap>(
    type: Type,
    listener: ((event: RoomClientEventMap[Type]) => void) | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void {
    this.#target.addEventListener(type, listener, options);
  }

  #ask(what: string): void {
    this.asked.push(what);
    if (this.refusal !== undefined) throw new RoomError(this.refusal);
  }
}
