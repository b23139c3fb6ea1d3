import { openDB } from "idb";
import { toHex } from "../../src/codec/bytes.js";
import { epochAuthenticator } from "../../src/mls/group.js";
import { decodeGroup } from "../../src/mls/stored-group.js";
import { readGroupRecord } from "../../src/storage/seat-database.js";
import { type Guest, say } from "./engine-world.js";

export async function said(guest: Guest, text: string): Promise<void> {
  await say(guest, text);
  await guest.told.until(`"${text}" is sent`, ({ timeline }) =>
    timeline.some(({ content, status }) => content.kind === "text" && content.text === text && status === "sent"),
  );
}

/** Resolves when everybody shows exactly these texts, sent. */
export async function all(guests: readonly Guest[], texts: readonly string[], order?: "in any order"): Promise<void> {
  const read = (shown: readonly string[]) => JSON.stringify(order ? [...shown].sort() : shown);
  await Promise.all(
    guests.map(({ told }) =>
      told.until(`all of ${texts.join(", ")} are there`, ({ timeline, texts: shown }) => {
        return read(shown) === read(texts) && timeline.every(({ status }) => status === "sent");
      }),
    ),
  );
}

/** Resolves when all are in one epoch, of which all know the same secret, and nothing is amiss. */
export async function agree(guests: readonly Guest[]): Promise<void> {
  for (const { told } of guests) {
    await told.until("well", ({ state }) => state?.connection === "online" && state.problem === undefined);
  }
  for (const { told } of guests) {
    await told.until("everybody is there", ({ state }) => state?.occupants.length === guests.length);
  }
  await until(async () => new Set(await Promise.all(guests.map(groupOf))).size === 1);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise(requestAnimationFrame);
}

export function settled({ told }: Guest): Promise<void> {
  return told.until(
    "said again",
    ({ state, timeline }) =>
      state?.connection === "online" && timeline.length > 0 && timeline.every(({ status }) => status === "sent"),
  );
}

export async function retold({ engine, told }: Guest): Promise<void> {
  told.listener({ type: "timeline", entries: await engine.older(Number.MAX_SAFE_INTEGER, 100), gone: [] });
}

/** Epoch and authenticator that stand on disk. */
export async function groupOf({ name }: Guest): Promise<string> {
  const database = await openDB(name);
  const record = await readGroupRecord(database.transaction("groups").store);
  database.close();
  const group = decodeGroup(record?.group ?? new Uint8Array());
  return `${group.context.epoch} ${toHex(epochAuthenticator(group))}`;
}

export function names({ engine }: Guest): string[] {
  return engine.state.occupants.map(({ nickname }) => nickname);
}
