import { html, nothing, type TemplateResult } from "lit";
import type { Problem, RoomState, TimelineEntry } from "../../src/client/contract.js";
import type { Ask } from "../organiser/ask.js";
import type { Tool } from "../room-intent.js";
import { keepsNothing } from "../shared/problem-text.js";
import type { Strings } from "../strings.js";
import { type BannerActions, roomBanner, troubleBanner } from "./banner.js";
import type { ToolsPhase } from "./organiser-tools.js";
import { peopleView } from "./people-view.js";

/** Everything that a room's template is made of. */
export interface RoomView {
  readonly room: RoomState;
  readonly entries: readonly TimelineEntry[];
  readonly hasOlder: boolean;
  readonly loadOlder: () => Promise<void>;
  /** The name that each user is shown with. */
  readonly names: ReadonlyMap<string, string>;
  readonly words: Strings;
  readonly now: number;
  readonly locale: string;
  /** The nickname to begin with. */
  readonly suggestion: string;
  readonly occupantsOpen: boolean;
  /** The organiser's tool that is open. */
  readonly tool: Tool | undefined;
  readonly toolsPhase: ToolsPhase;
  readonly ask: Ask;
  /** Whether the occupants have to lie over the messages. */
  readonly narrow: boolean;
  /** What an action came to that did not do what it should. */
  readonly trouble: Problem | undefined;
  readonly banners: BannerActions;
  /** Whether the page has filled a slot. */
  readonly slotted: (name: string) => boolean;
}

/** A room as a stranger meets it: on its way, its preview, or why not. */
export function entranceView({ room, words, suggestion }: RoomView): TemplateResult {
  const known = room.phase === "preview" || (room.phase === "joining" && room.preview !== undefined);
  if (!known) {
    return html`<div class="entrance">
      <mimi-room-status exportparts="loading, problem, button" .room=${room} .strings=${words}></mimi-room-status>
    </div>`;
  }
  return html`<div class="entrance">
    <mimi-room-preview
      exportparts="preview, name, facts, nickname, button, join"
      .room=${room}
      .suggestion=${suggestion}
      .strings=${words}
    >
      <slot name="consent" slot="consent"></slot>
    </mimi-room-preview>
  </div>`;
}

/** A room from within: its header, what was said, where one writes, who is there. */
export function insideView(view: RoomView): TemplateResult {
  const { room, names, words, narrow, banners } = view;
  const people = room.phase === "joined" && view.occupantsOpen;
  const covered = people && narrow;
  return html`<div class="joined">
    <mimi-room-header
      exportparts="header, name, rename-button, room-name, occupants-button, leave-button, button, leave"
      .room=${room}
      .occupantsOpen=${people}
      .strings=${words}
    >
      ${view.slotted("header") ? html`<slot name="header" slot="header"></slot>` : nothing}
    </mimi-room-header>
    ${roomBanner(room, names, words, banners)} ${troubleBanner(view.trouble, words, banners)}
    <div class="body ${people ? "with-people" : ""} ${narrow ? "narrow" : ""}">
      <div class="talk" ?inert=${covered}>${timeline(view)} ${room.phase === "joined" ? composer(view) : nothing}</div>
      ${people ? peopleView(view) : nothing}
    </div>
  </div>`;
}

function timeline(view: RoomView): TemplateResult {
  return html`<mimi-room-timeline
    exportparts="timeline, message, bubble, name, button, empty, new-mark, jump-button"
    .entries=${view.entries}
    .names=${view.names}
    .self=${view.room.me?.userUri}
    .now=${view.now}
    .locale=${view.locale}
    .memory=${memoryOf(view.room)}
    .hasOlder=${view.hasOlder}
    .loadOlder=${view.loadOlder}
    .strings=${view.words}
  >
    ${view.slotted("empty") ? html`<slot name="empty" slot="empty"></slot>` : nothing}
  </mimi-room-timeline>`;
}

function composer({ room, words }: RoomView): TemplateResult {
  return html`<mimi-room-composer
    exportparts="composer, input, send-button"
    .me=${room.me}
    .memory=${memoryOf(room)}
    .offline=${room.connection === "offline" && !keepsNothing(room.problem)}
    .strings=${words}
  ></mimi-room-composer>`;
}

/** What is remembered of a room is remembered under this. */
export function memoryOf({ provider, room }: RoomState): string {
  return `${provider}/${room}`;
}
