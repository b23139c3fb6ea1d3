/** What policy costs in a room of ten thousand: deciding, reading its policy, and what its code weighs. */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { build } from "vite";
import type { ProposalView } from "../src/codec/group-view.js";
import { roomPolicy } from "../src/codec/room-policy.js";
import { decode, encode } from "../src/codec/tls.js";
import { authorize } from "../src/policy/authorize.js";
import { type RoomState, roleOf } from "../src/policy/room-state.js";
import { by, client, commitOf, policyOf, roomOf } from "../test/support/policy-room.js";
import { median, printFigure } from "./figure.js";

const SIZE = 10_000;
const KIB = 1024;
const guests = Array.from({ length: SIZE }, (_, index) => client("example.com", guestName(index), "1"));
const policy = policyOf({ membershipStyle: "members_only" }, { regular_user: guests.map(({ userUri }) => userUri) });
const room = roomOf(policy, [client("example.com", "alice", "1"), ...guests.slice(1)]);

timeOf("authorize an Add", "µs", 50, additions(room));
timeOf("authorize the first Add of an epoch", "ms", undefined, () =>
  additions({ ...room, members: [...room.members] })(),
);
timeOf("the role of a user", "µs", 5, roles(room));
const octets = encode(roomPolicy, policy);
printFigure({ name: `a policy of ${SIZE} entries on the wire`, unit: "KiB", value: octets.length / KIB });
timeOf(`read a policy of ${SIZE} entries`, "ms", 10, () => decode(roomPolicy, octets));
printFigure({ name: "src/policy, brotli", unit: "KiB", value: (await codeSize()) / KIB, limit: 8 });

/** Names of guests: as long as a hash, and all different. */
function guestName(index: number): string {
  return `g-${index.toString(36).padStart(43, "A")}`;
}

function additions(state: RoomState): () => unknown {
  const [owner, newcomer] = [state.members[0], guests[0]];
  if (owner === undefined || newcomer === undefined) throw new Error("an empty room");
  const sender = by(state, owner);
  const proposal: ProposalView = { kind: "add", added: newcomer, sender };
  const action = { kind: "commit", commit: commitOf(state, sender, { proposals: [proposal] }) } as const;
  return () => {
    if (!authorize(state, action).allowed) throw new Error("the Add is denied");
  };
}

function roles(state: RoomState): () => unknown {
  let at = 0;
  return () => roleOf(state, guests[at++ % SIZE]?.userUri ?? "");
}

/** Prints the median of a hundred lots of what `act` takes, after as many that are not counted. */
function timeOf(what: string, unit: "µs" | "ms", limit: number | undefined, act: () => unknown): void {
  const lot = unit === "µs" ? 200 : 1;
  const times = Array.from({ length: 200 }, () => {
    const begun = performance.now();
    for (let turn = 0; turn < lot; turn++) act();
    return ((performance.now() - begun) / lot) * (unit === "µs" ? 1000 : 1);
  });
  const how = `median of 100; ${SIZE} users listed and inside`;
  printFigure({ name: what, unit, value: median(times.slice(100)), ...(limit && { limit }), how });
}

/** The octets of all of src/policy as the worker has it, without the codec that it shares. */
async function codeSize(): Promise<number> {
  const folder = fileURLToPath(new URL("../src/policy/", import.meta.url));
  // the examples of section 9 are for demo and tests
  const modules = readdirSync(folder).filter((name) => name.endsWith(".ts") && name !== "example-presets.ts");
  const code = modules.map((name) => `export * from "${folder}${name}";`).join("\n");
  const entry = "\0all-of-policy";
  const built = await build({
    configFile: false,
    logLevel: "error",
    plugins: [
      {
        name: "all-of-policy",
        enforce: "pre",
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) => (id === entry ? code : undefined),
      },
    ],
    build: {
      write: false,
      rolldownOptions: { input: entry, external: /\/codec\//, preserveEntrySignatures: "strict" },
    },
  });
  const [chunk] = "output" in built ? built.output : [];
  if (chunk?.type !== "chunk") throw new Error("nothing was built");
  return brotliCompressSync(chunk.code).length;
}
