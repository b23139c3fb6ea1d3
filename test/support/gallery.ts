import "../../components/define.js";
import { MimiRoom } from "../../components/mimi-room/mimi-room.js";
import type { TimelineEntry } from "../../src/client/contract.js";
import { ShownRoom } from "./shown-room.js";
import { conversation, entry, states } from "./shown-states.js";

const quiet: readonly string[] = [
  "loading",
  "preview",
  "previewProblem",
  "joining",
  "notAllowed",
  "banned",
  "failed",
  "blocked",
  "outdatedOutside",
];

/** The page that pictures are taken of: `#state=offline&theme=dark` shows a room in that state. */
async function show(): Promise<void> {
  const wanted = new URLSearchParams(location.hash.slice(1));
  const name = wanted.get("state") ?? "joined";
  const [state] = Object.entries(states).flatMap(([key, value]) => (key === name ? [value] : []));
  const room = new ShownRoom(state ?? states.joined, quiet.includes(name) || name === "empty" ? [] : timeline(name));
  const element = new MimiRoom();
  document.documentElement.className = wanted.get("theme") ?? "light";
  element.nickname = name === "preview" || name === "joining" ? "Mira" : "";
  element.client = room;
  document.querySelector("main")?.replaceChildren(element);
  await element.updateComplete;
  if (name === "people") press(element, ".occupants");
  if (name === "leaving") press(element, ".leave");
  if (name === "renaming") press(element, ".rename");
  await new Promise((done) => setTimeout(done, 300));
  document.body.dataset.shown = location.hash;
}

function press(element: MimiRoom, selector: string): void {
  const header = element.shadowRoot?.querySelector("mimi-room-header");
  header?.shadowRoot?.querySelector<HTMLElement>(selector)?.click();
}

function timeline(name: string): TimelineEntry[] {
  const said = conversation();
  if (name === "offline") {
    said.push(entry("Mira", "Back in a tunnel, this one will have to wait.", { status: "waiting" }));
  }
  if (name === "problems") {
    said.push(
      entry("Mira", "And this one did not make it.", {
        status: "failed",
        problem: { code: "rateLimited", retry: true },
      }),
      entry("Mira", "On its way", { status: "sending" }),
    );
  }
  if (name === "restored") {
    said.push(entry("Ines", { kind: "restored" }), entry("Mira", "Did the last one arrive?"));
  }
  if (name === "diverged") {
    said.push(
      entry("Ines", "That settles it, then."),
      entry("Ines", { kind: "diverged" }),
      entry("Mira", "Settles what?"),
    );
  }
  return said;
}

addEventListener("hashchange", show);
show();
