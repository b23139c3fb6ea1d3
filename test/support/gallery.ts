import "../../components/define.js";
import "../../components/define-organiser.js";
import { MimiRoom } from "../../components/mimi-room/mimi-room.js";
import type { RoomState, TimelineEntry } from "../../src/client/contract.js";
import { deepAll, pressAll } from "./press-all.js";
import { organised } from "./shown-organised.js";
import { ShownRoom } from "./shown-room.js";
import { conversation, entry, states, userUri } from "./shown-states.js";

const PERSON = `[data-user="${userUri("Kofi")}"]`;

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
  "notAccepted",
];

/** What is pressed to come to a state, and the state that it begins with. */
const steps: Readonly<Record<string, { readonly from: RoomState; readonly presses: readonly string[] }>> = {
  people: { from: states.joined, presses: [".occupants"] },
  leaving: { from: states.joined, presses: [".leave"] },
  renaming: { from: states.renaming, presses: [".rename"] },
  organising: { from: states.organising, presses: [".occupants"] },
  person: { from: states.organising, presses: [".occupants", PERSON] },
  confirmBan: { from: states.organising, presses: [".occupants", PERSON, "[data-deed=ban]"] },
  bannedList: { from: states.organising, presses: [".occupants", ".banned"] },
  rules: { from: states.organising, presses: [".occupants", ".rules"] },
  rulesForAdmins: { from: states.organising, presses: [".occupants", ".rules"] },
  effects: { from: states.organising, presses: [".occupants", ".rules", "#moderated", ".review"] },
  accepting: { from: states.preview, presses: ["summary"] },
  fingerprint: { from: states.joined, presses: [".occupants", "summary"] },
};

/** The page that pictures are taken of: `#state=offline&theme=dark` shows a room in that state. */
async function show(): Promise<void> {
  const wanted = new URLSearchParams(location.hash.slice(1));
  const name = wanted.get("state") ?? "joined";
  const [state] = Object.entries(states).flatMap(([key, value]) => (key === name ? [value] : []));
  const from = steps[name]?.from ?? state ?? states.joined;
  const room = new ShownRoom(from, quiet.includes(name) || name === "empty" ? [] : timeline(name));
  const element = new MimiRoom();
  document.documentElement.className = wanted.get("theme") ?? "light";
  element.nickname = name === "preview" || name === "joining" ? "Mira" : "";
  if (name === "rulesForAdmins") {
    room.organised = { ...organised, settings: { ...organised.settings, mayChange: [] } };
  }
  element.client = room;
  document.querySelector("main")?.replaceChildren(element);
  await element.updateComplete;
  await pressAll(element, steps[name]?.presses ?? []);
  if (name === "accepting" || name === "notAccepted") {
    deepAll(element, "mimi-room-acceptance")[0]?.scrollIntoView({ block: "end" });
  }
  await new Promise((done) => setTimeout(done, 300));
  document.body.dataset.shown = location.hash;
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
  if (name === "refused") {
    said.push(
      entry("Mallory", { kind: "refused", what: "commit", rule: "5.7/not-a-moderator" }),
      entry("Ines", "That was an attempt to throw Ada out."),
      entry("Mallory", {
        kind: "removed",
        by: { userUri: userUri("Ines"), nickname: "Ines" },
        banned: true,
      }),
      entry("Ada", {
        kind: "roleChanged",
        from: "regular_user",
        to: "admin",
        by: { userUri: userUri("Ines"), nickname: "Ines" },
      }),
      entry("Ines", {
        kind: "policyChanged",
        effects: [{ kind: "fact", before: undefined, after: { kind: "moderated" } }],
      }),
    );
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
