import type { EntryRecord, SeatRecord, Step } from "./records.js";
import { type MimiDatabase, openDatabase } from "./schema.js";
import { writeStep } from "./write-step.js";

/** The seat on disk, in the hands of one engine. */
export interface SeatDatabase {
  load(): Promise<SeatRecord>;
  /** Writes a step: all of it is on disk when this resolves, or none. Throws Superseded if a newer engine took over. */
  commitStep(step: Step): Promise<void>;
  entry(id: string): Promise<EntryRecord | undefined>;
  /** Up to `limit` entries with an order below `before`, oldest first. */
  entriesBefore(before: number, limit: number): Promise<EntryRecord[]>;
  close(): void;
}

/**
 * Opens the seat `name` and takes it over: the generation is raised, and whoever held the seat can write no more. Throws
 * what the browser throws when it gives no storage.
 */
export async function takeSeatDatabase(name: string): Promise<SeatDatabase> {
  const database = await openDatabase(name);
  const generation = await raiseGeneration(database);
  return {
    load: () => load(database),
    commitStep: (step) => writeStep(database, generation, step),
    entry: (id) => database.get("timeline", id),
    entriesBefore: (before, limit) => entriesBefore(database, before, limit),
    close: () => database.close(),
  };
}

async function raiseGeneration(database: MimiDatabase): Promise<number> {
  const tx = database.transaction("engine", "readwrite", { durability: "strict" });
  const generation = Number((await tx.store.get("generation")) ?? 0) + 1;
  await Promise.all([tx.store.put(generation, "generation"), tx.done]);
  return generation;
}

async function load(database: MimiDatabase): Promise<SeatRecord> {
  const tx = database.transaction(["engine", "identity", "groups", "cursors", "outbox"]);
  const [identity, group, cursor, outbox, nickname] = await Promise.all([
    tx.objectStore("identity").get("identity"),
    tx.objectStore("groups").get("group"),
    tx.objectStore("cursors").get("cursor"),
    tx.objectStore("outbox").getAll(),
    tx.objectStore("engine").get("suggestedNickname"),
    tx.done,
  ]);
  return {
    identity,
    group,
    cursor,
    outbox: outbox.sort((a, b) => a.order - b.order),
    suggestedNickname: typeof nickname === "string" ? nickname : undefined,
  };
}

async function entriesBefore(database: MimiDatabase, before: number, limit: number): Promise<EntryRecord[]> {
  const entries: EntryRecord[] = [];
  const index = database.transaction("timeline").store.index("order");
  let cursor = limit > 0 ? await index.openCursor(IDBKeyRange.upperBound(before, true), "prev") : null;
  while (cursor && entries.length < limit) {
    entries.push(cursor.value);
    cursor = entries.length < limit ? await cursor.continue() : null;
  }
  return entries.reverse();
}
