import { expect } from "@open-wc/testing";
import type { RoomState, TimelineEntry } from "../../../src/client/contract.js";
import { showRoom } from "../../support/show-room.js";
import { conversation, entry, states } from "../../support/shown-states.js";

interface Case {
  readonly state: RoomState;
  readonly says: string;
  readonly entries?: () => TimelineEntry[];
  readonly press?: string;
}

const said = conversation;
const failing = (): TimelineEntry[] => [
  ...said(),
  entry("Mira", "not sent", { status: "failed", problem: { code: "rateLimited", retry: true } }),
  entry("Mira", "still waiting", { status: "waiting" }),
  entry("Mira", "on its way", { status: "sending" }),
  entry("Ada", { kind: "unsupported", contentType: "video/mp4" }),
];

const cases: Readonly<Record<string, Case>> = {
  loading: { state: states.loading, says: "Opening the room" },
  preview: { state: states.preview, says: "end-to-end encrypted" },
  "preview with a problem": { state: states.previewProblem, says: "wait a moment" },
  joining: { state: states.joining, says: "Joining" },
  "joined and empty": { state: states.joined, says: "quiet in here" },
  "joined and talking": { state: states.joined, says: "Listening from Lisbon", entries: said },
  "joined with the list of people": { state: states.joined, says: "2 devices", entries: said, press: ".occupants" },
  "about to leave": { state: states.joined, says: "Leave this room?", entries: said, press: ".leave" },
  "joined with failures": { state: states.joined, says: "Try again", entries: failing },
  connecting: { state: states.connecting, says: "Connecting", entries: said },
  offline: { state: states.offline, says: "You are offline", entries: failing },
  "reading only": { state: states.readOnly, says: "not write here", entries: said },
  "out of sync": { state: states.outOfSync, says: "lost its place", entries: said },
  left: { state: states.left, says: "You left the room", entries: said },
  removed: { state: states.removed, says: "You were removed", entries: said },
  "not allowed": { state: states.notAllowed, says: "does not open on this site" },
  banned: { state: states.banned, says: "You are banned" },
  failed: { state: states.failed, says: "cannot be reached" },
  "blocked by the site": { state: states.blocked, says: "worker-src blob:" },
};

for (const theme of ["light", "dark"] as const) {
  for (const width of [320, 900]) {
    describe(`a room, ${theme}, ${width} px wide`, () => {
      for (const [name, { state, says, entries, press }] of Object.entries(cases)) {
        it(`is accessible and says what is going on: ${name}`, async () => {
          const { element, all, find, drawn } = await showRoom(state, entries?.(), { theme, width });
          if (press !== undefined) {
            find(press).click();
            await drawn();
          }
          const text = all("h2, p, button, span, label, textarea").map(
            (part) =>
              `${part.textContent} ${part.getAttribute("placeholder") ?? ""} ${part.getAttribute("aria-label") ?? ""}`,
          );
          expect(text.join(" ")).to.include(says);
          expect(element.scrollWidth, "nothing is cut off").to.be.at.most(element.clientWidth);
          await expect(element).to.be.accessible();
        });
      }
    });
  }
}
