import type { ReactiveControllerHost } from "lit";
import type { RoomState, TimelineEntry } from "../../src/client/contract.js";
import { initialState } from "../../src/client/initial-state.js";
import { RoomClient } from "../../src/client/room-client.js";
import type { RoomStateEvent, RoomTimelineEvent } from "../../src/client/room-events.js";
import type { RoomSource } from "../room-source.js";

/** What is told of changes, before the host renders them. */
export interface RoomListener {
  stateChanged(before: RoomState, after: RoomState): void;
  timelineChanged(before: readonly TimelineEntry[], event: RoomTimelineEvent): void;
}

/** What a page says of the room that it wants; "" where it does not. */
interface Opening {
  readonly provider: string;
  readonly room: string;
  readonly workerSrc: string;
  readonly userKey: string | undefined;
}

const nowhere = initialState("", "");

/** Ties an element to a room: to one that the page made, or to one of its own that lives as long as the element. */
export class RoomLink {
  readonly #host: ReactiveControllerHost;
  readonly #listener: RoomListener;
  #source: RoomSource | undefined;
  #own: RoomClient | undefined;
  #listening: AbortController | undefined;
  #state: RoomState = nowhere;
  #entries: readonly TimelineEntry[] = [];

  constructor(host: ReactiveControllerHost, listener: RoomListener) {
    this.#host = host;
    this.#listener = listener;
  }

  get source(): RoomSource | undefined {
    return this.#source;
  }

  get state(): RoomState {
    return this.#state;
  }

  get entries(): readonly TimelineEntry[] {
    return this.#entries;
  }

  /** Whether the room was made by the page. */
  get isForeign(): boolean {
    return this.#source !== undefined && this.#source !== this.#own;
  }

  /** Shows a room that the page made; `undefined` lets go of it. */
  use(source: RoomSource | undefined): void {
    this.close();
    this.#attach(source);
  }

  /** Makes a room of its own and connects it; lets go of the one before where nothing says which. */
  open({ provider, room, workerSrc, userKey }: Opening): void {
    this.close();
    if (provider === "" || room === "") return;
    const client = new RoomClient();
    this.#own = client;
    this.#attach(client);
    // Every failure is a state; there is nothing to catch.
    client.connect({
      provider: provider.replace(/\/+$/, ""),
      room,
      ...(workerSrc === "" ? {} : { workerSrc }),
      ...(userKey === undefined ? {} : { userKey }),
    });
  }

  /** Lets go of the room; ends it when it is the link's own. */
  close(): void {
    this.#listening?.abort();
    this.#own?.close();
    this.#own = undefined;
    this.#attach(undefined);
  }

  #attach(source: RoomSource | undefined): void {
    this.#source = source;
    this.#state = source?.state ?? nowhere;
    this.#entries = source?.entries ?? [];
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    source?.addEventListener("mimi-state", this.#onState, { signal });
    source?.addEventListener("mimi-timeline", this.#onTimeline, { signal });
    this.#host.requestUpdate();
  }

  readonly #onState = (event: RoomStateEvent): void => {
    const before = this.#state;
    this.#state = event.state;
    this.#host.requestUpdate();
    this.#listener.stateChanged(before, event.state);
  };

  readonly #onTimeline = (event: RoomTimelineEvent): void => {
    const before = this.#entries;
    this.#entries = event.entries;
    this.#host.requestUpdate();
    this.#listener.timelineChanged(before, event);
  };
}
