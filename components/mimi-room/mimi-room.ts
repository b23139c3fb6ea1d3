import { html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { Problem, RoomState, TimelineEntry } from "../../src/client/contract.js";
import { toProblem } from "../../src/client/room-error.js";
import type { RoomTimelineEvent } from "../../src/client/room-events.js";
import { MimiMessageEvent, MimiPhaseEvent, MimiProblemEvent } from "../events.js";
import type { Ask } from "../organiser/ask.js";
import type { Intent, RoomIntentEvent, Tool, ViewIntent } from "../room-intent.js";
import type { RoomSource } from "../room-source.js";
import { baseStyles } from "../shared/base.styles.js";
import { Narrowness } from "../shared/narrowness.js";
import { PageScheme, type Theme } from "../shared/page-scheme.js";
import { remembered } from "../shared/remembered.js";
import { Slotted } from "../shared/slotted.js";
import { themeStyles } from "../shared/theme.styles.js";
import { Ticking } from "../shared/ticking.js";
import { localeOf } from "../shared/times.js";
import { type Strings, stringsWith } from "../strings.js";
import { version } from "../version.js";
import { Announcer } from "./announcer.js";
import { roomStyles } from "./mimi-room.styles.js";
import { namesIn } from "./names-in.js";
import { OrganiserTools } from "./organiser-tools.js";
import { askRoom, perform, troubleOf } from "./perform.js";
import { RoomLink, type RoomListener } from "./room-link.js";
import { entranceView, insideView, memoryOf, type RoomView } from "./room-views.js";
import { stated } from "./stated.js";
import { giveBack, UnsentMessages } from "./unsent.js";

const lastNickname = remembered("nickname");

/** What gets the focus of a room: the first of these that is there. */
const FOCUSED = ["mimi-room-composer", "mimi-room-preview", "mimi-room-status", ".banner button", "mimi-room-timeline"];

/**
 * An end-to-end encrypted chat room: what it is before one joins, then its messages, its people, and a place to write.
 *
 * @slot header - Stands in the place of the room's name, once joined.
 * @slot empty - Shown while nothing has been said.
 * @slot consent - Shown above the button that joins: terms, a privacy notice.
 * @fires {MimiPhaseEvent} mimi-phase - The room reached another phase.
 * @fires {MimiMessageEvent} mimi-message - A message came in or was sent.
 * @fires {MimiProblemEvent} mimi-problem - Something did not happen.
 * @cssprop --mimi-accent - Colour of buttons and own messages.
 * @cssprop --mimi-on-accent - Text on the accent colour.
 * @cssprop --mimi-link - Colour of links.
 * @cssprop --mimi-text - Colour of the text; the page's by default.
 * @cssprop --mimi-surface - Background; the page's by default.
 * @cssprop --mimi-surface-raised - Background of what lies over the messages.
 * @cssprop --mimi-bubble - Background of other people's messages.
 * @cssprop --mimi-font - Font family; the page's by default.
 * @cssprop --mimi-font-size - Size of the text; 1rem by default.
 * @cssprop --mimi-radius - Radius of the corners; 16px by default.
 * @cssprop --mimi-border - Border of the room.
 * @cssprop --mimi-block-size - Height of the room.
 */
export class MimiRoom extends LitElement implements RoomListener {
  static readonly version = version;
  static override styles = [baseStyles, themeStyles, roomStyles];

  /** The base URL of the provider that the room is reached through. */
  @property({ reflect: true }) provider = "";

  /** The room's URI: `mimi://provider.example/r/room`. */
  @property({ reflect: true }) room = "";

  /** The nickname to begin with; its user may change it. */
  @property({ reflect: true }) nickname = "";

  /** URL of the worker's file, for sites whose security policy forbids `worker-src blob:`. */
  @property({ attribute: "worker-src", reflect: true }) workerSrc = "";

  /** `light`, `dark`, or `auto`: as the page is. */
  @property({ reflect: true }) theme: Theme = "auto";

  /** The user key of an organiser's address (PKCS #8, base64url). Read when the room is opened. */
  @property({ attribute: false }) userKey: string | undefined;

  /** Words in another language, or other words; what is left out stays English. */
  @property({ attribute: false }) strings: Partial<Strings> | undefined;

  @state() private occupantsOpen = false;
  @state() private tool: Tool | undefined;
  @state() private trouble: Problem | undefined;

  readonly #link = new RoomLink(this, this);
  readonly #announcer = new Announcer(this);
  readonly #ticking = new Ticking(this);
  readonly #narrowness = new Narrowness(this);
  readonly #slotted = new Slotted(this);
  readonly #tools = new OrganiserTools(this);
  #words: Strings = stringsWith(undefined);
  #names: ReadonlyMap<string, string> = new Map();
  #hadFocus = false;

  constructor() {
    super();
    new PageScheme(this);
  }

  /** A room that the page connected itself; the element shows it and leaves it running. */
  get client(): RoomSource | undefined {
    return this.#link.isForeign ? this.#link.source : undefined;
  }

  set client(client: RoomSource | undefined) {
    this.#link.use(client);
    if (client === undefined && this.isConnected) this.#open();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated && this.#link.source === undefined) this.#open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // An element that is moved is disconnected for a moment only; its room need not start anew.
    queueMicrotask(() => {
      if (!this.isConnected && !this.#link.isForeign) this.#link.close();
    });
  }

  /** Focuses where one writes, or what is to be done before one can. */
  override focus(): void {
    for (const part of FOCUSED) {
      const found = this.renderRoot.querySelector<HTMLElement>(part);
      found?.focus();
      if (found !== null) return;
    }
  }

  stateChanged(before: RoomState, after: RoomState): void {
    if (before.phase !== after.phase) {
      this.occupantsOpen &&= after.phase === "joined";
      this.trouble = undefined;
      if (after.phase === "joined") this.#sendAgain(after);
      this.dispatchEvent(new MimiPhaseEvent(after.phase, after));
    }
    const { problem } = after;
    if (problem !== undefined && problem.code !== before.problem?.code)
      this.dispatchEvent(new MimiProblemEvent(problem));
  }

  timelineChanged(before: readonly TimelineEntry[], { changed, cause }: RoomTimelineEvent): void {
    if (cause === "history") return;
    const known = new Set(before.map((entry) => entry.id));
    const naming = { names: this.#names, self: this.#link.state.me?.userUri, strings: this.#words };
    for (const entry of changed.filter(({ id }) => !known.has(id))) {
      this.#announcer.tell(entry, naming);
      const { kind } = entry.content;
      if (kind === "text" || kind === "unsupported") this.dispatchEvent(new MimiMessageEvent(entry));
    }
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("strings")) this.#words = stringsWith(this.strings);
    const { entries, state: room } = this.#link;
    if (this.occupantsOpen && room.me?.mayModerate) this.#tools.want();
    this.#names = namesIn(room, entries);
    this.#hadFocus = this.hasUpdated && this.renderRoot instanceof ShadowRoot && this.renderRoot.activeElement !== null;
  }

  protected override render(): TemplateResult {
    const view = this.#view();
    const { room, entries, words } = view;
    const inside = room.phase === "joined" || room.phase === "left" || (room.phase === "failed" && entries.length > 0);
    return html`<div
        class="room"
        part="room"
        role="region"
        aria-label=${room.preview?.name || words.room}
        @mimi-room-intent=${this.#onIntent}
      >
        ${inside ? insideView(view) : entranceView(view)}
      </div>
      ${this.#announcer.render()}`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const address = changed.has("provider") || changed.has("room") || changed.has("workerSrc");
    if (address && !this.#link.isForeign) this.#open();
    if (this.#hadFocus) this.#keepFocus();
  }

  #view(): RoomView {
    const nowhere = this.#link.source === undefined && this.hasUpdated;
    const room = stated(this.#link.state, { trouble: this.trouble, nowhere });
    return {
      room,
      entries: this.#link.entries,
      hasOlder: this.#link.source?.hasOlder ?? false,
      loadOlder: this.#loadOlder,
      names: this.#names,
      words: this.#words,
      now: this.#ticking.now,
      locale: localeOf(this),
      suggestion: room.me?.nickname || this.nickname || lastNickname.get(),
      occupantsOpen: this.occupantsOpen,
      tool: this.tool,
      toolsPhase: this.#tools.phase,
      ask: this.#ask,
      narrow: this.#narrowness.narrow,
      trouble: this.trouble,
      banners: { reconnect: this.#reconnect, rejoin: this.#rejoin, dismiss: this.#dismiss },
      slotted: (name) => this.#slotted.has(name),
    };
  }

  #open(): void {
    this.#link.open(this);
  }

  readonly #onIntent = (event: RoomIntentEvent): void => {
    event.stopPropagation();
    const { intent } = event;
    if (intent.kind === "occupants") this.#showOccupants(intent.open);
    else if (intent.kind === "tool") this.#showTool(intent.tool);
    else if (intent.kind === "loadTools") this.#tools.want({ again: true });
    else if (intent.kind === "reconnect") this.#reconnect();
    else this.#perform(intent);
  };

  async #perform(intent: Exclude<Intent, ViewIntent>): Promise<void> {
    if (intent.kind === "join") lastNickname.set(intent.nickname);
    this.trouble = undefined;
    const unsent = new UnsentMessages(memoryOf(this.#link.state));
    this.#tell(await perform(this.#link.source, intent, unsent), intent);
  }

  async #sendAgain(state: RoomState): Promise<void> {
    const { source } = this.#link;
    if (source === undefined) return;
    await new UnsentMessages(memoryOf(state)).sendAgain(source, (text, why) =>
      this.#tell(toProblem(why), { kind: "send", text }),
    );
  }

  #tell(problem: Problem | undefined, intent?: Intent): void {
    if (problem === undefined) return;
    if (intent?.kind === "send") giveBack(intent.text, this.#part("mimi-room-composer"), memoryOf(this.#link.state));
    if (this.#link.state.problem?.code === problem.code) return;
    this.trouble = problem;
    this.dispatchEvent(new MimiProblemEvent(problem));
  }

  readonly #reconnect = async (): Promise<void> => {
    const problem = await troubleOf(this.#link.source?.reconnect() ?? Promise.resolve());
    // A room whose engine never started has nothing to reconnect: it is opened anew.
    if (problem !== undefined && this.#link.state.phase === "failed" && !this.#link.isForeign) this.#open();
  };

  readonly #rejoin = (): void => {
    const { me, suggestedNickname: before } = this.#link.state;
    this.#perform({ kind: "join", nickname: me?.nickname || before || lastNickname.get() || this.nickname });
  };

  readonly #dismiss = (): void => {
    this.trouble = undefined;
  };

  readonly #loadOlder = async (): Promise<void> =>
    this.#tell(await troubleOf(this.#link.source?.loadOlder() ?? Promise.resolve()));

  async #showOccupants(open: boolean): Promise<void> {
    const inPanel = this.#part("mimi-room-occupants")?.matches(":focus-within") ?? false;
    this.occupantsOpen = open;
    this.tool = undefined;
    await this.updateComplete;
    if (!open && inPanel) this.#part("mimi-room-header")?.focusOccupants();
    if (open && this.#narrowness.narrow) this.#part("mimi-room-occupants")?.focus();
  }

  /** The organisers' tools focus what they open; when they close, the button that opened them has the focus again. */
  async #showTool(tool: Tool | undefined): Promise<void> {
    const before = this.tool;
    this.tool = tool;
    await this.updateComplete;
    if (tool === undefined && before?.kind === "person") this.#part("mimi-room-occupants")?.focusPerson(before.user);
  }

  readonly #ask: Ask = (question) => askRoom(this.#link.source, question);

  /** What had the focus is gone: the next thing to do gets it, and not the page's body. */
  async #keepFocus(): Promise<void> {
    await new Promise(requestAnimationFrame);
    const root = this.shadowRoot;
    if (root !== null && root.activeElement === null && this.isConnected) this.focus();
  }

  #part<Name extends keyof HTMLElementTagNameMap>(name: Name): HTMLElementTagNameMap[Name] | null {
    return this.renderRoot.querySelector(name);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "mimi-room": MimiRoom;
  }
}
