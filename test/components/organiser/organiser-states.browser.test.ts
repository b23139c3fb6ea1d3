import { expect } from "@open-wc/testing";
import type { RoomState, TimelineEntry } from "../../../src/client/contract.js";
import { pressAll } from "../../support/press-all.js";
import { showRoom } from "../../support/show-room.js";
import { conversation, entry, states, userUri } from "../../support/shown-states.js";

interface Case {
  readonly state?: RoomState;
  readonly presses?: readonly string[];
  readonly says: string;
  readonly entries?: () => TimelineEntry[];
}

const person = `[data-user="${userUri("Kofi")}"]`;
const ines = { userUri: userUri("Ines"), nickname: "Ines" };
const refused = (): TimelineEntry[] => [
  ...conversation(),
  entry("Mallory", { kind: "refused", what: "commit", rule: "5.7/not-a-moderator" }),
  entry("Mallory", { kind: "removed", by: ines, banned: true }),
  entry("Mira", { kind: "roleChanged", from: "visitor", to: "regular_user", by: ines }),
  entry("Ines", {
    kind: "policyChanged",
    effects: [{ kind: "fact", before: undefined, after: { kind: "moderated" } }],
  }),
];

// What is pressed to come there, and what is then said.
const reached: Readonly<Record<string, Case>> = {
  "the organiser's bar": { presses: [".occupants"], says: "Lock down" },
  "a person's menu": { presses: [".occupants", person], says: "May give voice, remove people and ban them." },
  "a ban to confirm": { presses: [".occupants", person, "[data-deed=ban]"], says: "Ban Kofi?" },
  "the list of the banned": { presses: [".occupants", ".banned"], says: "Unban" },
  "the rules": { presses: [".occupants", ".rules"], says: "Who may join" },
  "what a change does": { presses: [".occupants", ".rules", "#moderated", ".review"], says: "Kofi is taken out" },
  "a lockdown": { state: states.lockedDown, says: "The room is locked down" },
  "what was refused and done": { state: states.joined, entries: refused, says: "Only an owner or a moderator removes" },
  "what one accepts": { state: states.preview, presses: ["summary"], says: "Bots may be inside" },
  "a room that one does not accept": { state: states.notAccepted, says: "you do not accept that" },
  "the fingerprint": { state: states.joined, presses: [".occupants", "summary"], says: "48127" },
};

for (const theme of ["light", "dark"] as const) {
  for (const width of [320, 900]) {
    describe(`for organisers, ${theme}, ${width} px wide`, () => {
      for (const [name, { state = states.organising, presses = [], says, entries }] of Object.entries(reached)) {
        it(`is accessible and says what is going on: ${name}`, async () => {
          const { element, all, appears, drawn } = await showRoom(state, (entries ?? conversation)(), { theme, width });
          await pressAll(element, presses);
          if (state === states.organising) await appears("[part=organiser]");
          await drawn();
          const text = all("p, button, span, label, li, strong, dt, dd").map((part) => part.textContent ?? "");
          expect(text.join(" ").replaceAll(/\s+/g, " ")).to.include(says);
          expect(element.scrollWidth, "nothing is cut off").to.be.at.most(element.clientWidth);
          const panel = all("mimi-room-occupants")[0];
          expect(panel?.scrollWidth ?? 0).to.be.at.most(panel?.clientWidth ?? 0);
          await expect(element).to.be.accessible();
        });
      }
    });
  }
}
