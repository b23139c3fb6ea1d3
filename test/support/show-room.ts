import "../../components/define.js";
import { fixture } from "@open-wc/testing";
import { html } from "lit";
import type { MimiRoom } from "../../components/mimi-room/mimi-room.js";
import type { Theme } from "../../components/shared/page-scheme.js";
import type { RoomState, TimelineEntry } from "../../src/client/contract.js";
import { appear, deepAll } from "./press-all.js";
import { ShownRoom } from "./shown-room.js";
import { states } from "./shown-states.js";

/** A room on the test's page, with all its parts drawn. */
export interface Shown {
  readonly element: MimiRoom;
  readonly room: ShownRoom;
  /** Resolves when everything is drawn that has been told to it. */
  drawn(): Promise<void>;
  /** The first element that a selector finds in the room or in one of its parts; throws when there is none. */
  find<Found extends HTMLElement>(selector: string): Found;
  /** The same, as soon as there is one. */
  appears<Found extends HTMLElement>(selector: string): Promise<Found>;
  /** Every such element. */
  all<Found extends HTMLElement>(selector: string): Found[];
}

/** Puts a room on the page. */
export async function showRoom(
  state: RoomState = states.joined,
  entries: readonly TimelineEntry[] = [],
  { theme = "light", width = 800 }: { theme?: Theme; width?: number } = {},
): Promise<Shown> {
  const room = new ShownRoom(state, entries);
  const box = await fixture<HTMLElement>(html`<div></div>`);
  box.style.inlineSize = `${width}px`;
  const element = document.createElement("mimi-room");
  element.theme = theme;
  element.client = room;
  box.append(element);
  const shown: Shown = {
    element,
    room,
    drawn: () => drawn(element),
    appears: async (selector) => (await appear(element, selector))[0] as never,
    all: (selector) => deepAll(element, selector),
    find: (selector) => {
      const [found] = deepAll(element, selector);
      if (found === undefined) throw new Error(`nothing in the room is ${selector}`);
      return found as never;
    },
  };
  await shown.drawn();
  return shown;
}

async function drawn(element: MimiRoom): Promise<void> {
  await element.updateComplete;
  // Sizes are observed, and places restored, before the second frame is painted.
  for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
  await element.updateComplete;
}
