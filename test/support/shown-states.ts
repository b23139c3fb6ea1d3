import type { Occupant, Problem, RoomState, TimelineEntry } from "../../src/client/contract.js";

const room = "mimi://rooms.example/r/keynote";
const provider = "https://rooms.example";

/** The URI of somebody in the shown room. */
export const userUri = (name: string): string => `mimi://rooms.example/u/g-${name}`;

const preview: NonNullable<RoomState["preview"]> = {
  name: "Keynote: Building in public",
  host: "rooms.example",
  occupantCount: 6,
  facts: [
    { kind: "endToEndEncrypted" },
    { kind: "anyoneMayJoin" },
    { kind: "pseudonyms" },
    { kind: "noHistoryForNewcomers" },
    { kind: "notLogged" },
    { kind: "persistent" },
  ],
};

const person = (name: string, role: Occupant["role"] = "regular_user", own = false, clients = 1): Occupant => ({
  userUri: userUri(name),
  nickname: name,
  role,
  own,
  clients,
});

export const occupants: readonly Occupant[] = [
  person("Ines", "owner"),
  person("Marlow", "admin"),
  person("Ada"),
  person("Mira", "regular_user", true),
  person("Kofi", "regular_user", false, 2),
  person("نور"),
];

const base = { room, provider, occupants: [], connection: "online" } as const;
const me: NonNullable<RoomState["me"]> = {
  userUri: userUri("Mira"),
  nickname: "Mira",
  role: "regular_user",
  maySend: { allowed: true },
  mayRename: false,
  mayModerate: false,
  recoverable: false,
};
const fingerprint = { epoch: 17, digits: "48127 90035 11862 77420 35519 06284" };
const inside = { ...base, preview, me, occupants, fingerprint } as const;
const owner = {
  ...me,
  userUri: userUri("Ines"),
  nickname: "Ines",
  role: "owner",
  mayRename: true,
  mayModerate: true,
} as const;
const asInes = occupants.map((occupant) => ({ ...occupant, own: occupant.nickname === "Ines" }));
const locked = { ...preview, facts: [...preview.facts, { kind: "lockedDown" }] } as const;
const logged = {
  ...preview,
  facts: [{ kind: "logged", by: ["Minutes Ltd"], policy: "" }, ...preview.facts.slice(0, 4)],
} as const;
const because = (code: Problem["code"], retry: boolean, detail?: string): Problem => ({
  code,
  retry,
  ...(detail === undefined ? {} : { detail }),
});

/** A room in every state that there is. */
export const states = {
  loading: { ...base, phase: "loading", connection: "connecting" },
  preview: { ...base, phase: "preview", preview },
  previewProblem: { ...base, phase: "preview", preview, problem: because("rateLimited", true) },
  joining: { ...base, phase: "joining", preview },
  joined: { ...inside, phase: "joined" },
  connecting: { ...inside, phase: "joined", connection: "connecting" },
  offline: { ...inside, phase: "joined", connection: "offline" },
  readOnly: { ...inside, phase: "joined", me: { ...me, role: "visitor", maySend: { allowed: false, rule: "none" } } },
  outOfSync: { ...inside, phase: "joined", problem: because("outOfSync", true) },
  roomLost: { ...inside, phase: "joined", problem: because("roomLost", true) },
  organising: { ...inside, phase: "joined", me: owner, occupants: asInes },
  lockedDown: {
    ...inside,
    phase: "joined",
    preview: locked,
    me: { ...me, maySend: { allowed: false, rule: "5.10/no-voice" } },
  },
  notAccepted: {
    ...base,
    phase: "preview",
    preview: logged,
    acceptance: { logging: false, history: true, bots: true, receipts: true, pseudonyms: true },
    problem: { code: "notAccepted", rule: "self/logging", retry: false },
  },
  renaming: { ...inside, phase: "joined", me: { ...me, role: "owner", mayRename: true } },
  restored: { ...inside, phase: "joined" },
  diverged: { ...inside, phase: "joined" },
  left: { ...inside, phase: "left", occupants: [] },
  removed: { ...inside, phase: "left", occupants: [], problem: because("removed", true) },
  storageFull: { ...inside, phase: "joined", connection: "offline", problem: because("storageFull", true) },
  storageCleared: { ...inside, phase: "left", occupants: [], problem: because("storageCleared", true) },
  outdated: { ...inside, phase: "failed", connection: "offline", problem: because("outdated", false) },
  outdatedOutside: { ...base, phase: "failed", connection: "offline", preview, problem: because("outdated", false) },
  notAllowed: { ...base, phase: "notAllowed", problem: because("originNotAllowed", false) },
  banned: { ...base, phase: "notAllowed", preview, problem: because("banned", false) },
  failed: { ...base, phase: "failed", connection: "offline", problem: because("unreachable", true) },
  blocked: { ...base, phase: "failed", problem: because("workerBlocked", true, "Add: worker-src blob:") },
} as const satisfies Record<string, RoomState>;

let cursor = 0;

/** An entry of the timeline; each comes a little after the one before. */
export function entry(
  name: string,
  content: string | TimelineEntry["content"],
  more: Partial<Omit<TimelineEntry, "content" | "sender">> = {},
): TimelineEntry {
  cursor += 1;
  return {
    id: `entry-${cursor}`,
    order: cursor,
    sender: { userUri: userUri(name), nickname: name, own: name === "Mira" },
    time: Date.now(),
    content: typeof content === "string" ? { kind: "text", text: content, format: "markdown" } : content,
    status: "sent",
    ...more,
  };
}

/** A conversation over two days, ending now. */
export function conversation(): TimelineEntry[] {
  const minute = 60_000;
  const now = Date.now();
  const ago = (minutes: number): { time: number } => ({ time: now - minutes * minute });
  return [
    entry("Ines", { kind: "joined" }, ago(1500)),
    entry("Ines", "Doors open tomorrow at **9:30**. The schedule:", ago(1490)),
    entry(
      "Ines",
      "| when | what |\n|---|---|\n| 9:30 | Coffee |\n| 10:00 | Keynote |\n| 11:15 | *Building in public*, panel |",
      ago(1489),
    ),
    entry("Marlow", "Slides will be at https://example.org/slides afterwards.", ago(1480)),
    entry("Ada", { kind: "joined" }, ago(62)),
    entry("Kofi", { kind: "joined" }, ago(61)),
    entry("نور", { kind: "joined" }, ago(60)),
    entry("Ada", "Is the stream up already?", ago(18)),
    entry("Marlow", "Yes. If it stutters:\n1. reload once\n2. switch to `720p`\n3. tell us here", ago(17)),
    entry("Ada", "Reloading did it, thanks!", ago(15)),
    entry("Mira", "Hello everyone. Listening from Lisbon.", ago(12)),
    entry("Mira", "Will there be a recording?", ago(12)),
    entry("نور", "مرحبًا بالجميع، أتابعكم من عمّان", ago(7)),
    entry("Ines", "> Will there be a recording?\n\nThere will, on the event page from Thursday.", ago(5)),
    entry("Kofi", "That last demo was something else 👏", ago(1)),
    entry("Kofi", "How does the retry loop decide when to give up?", ago(0)),
  ];
}
