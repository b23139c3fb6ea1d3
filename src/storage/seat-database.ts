import { equalBytes } from "../codec/bytes.js";
import { publicPartOf, wholeGroup } from "./group-parts.js";
import { MIGRATIONS, type Migration } from "./migrations.js";
import type { EntryRecord, GroupRecord, SeatRecord, Step } from "./records.js";
import { type MimiDatabase, openDatabase } from "./schema.js";
import { fullOr } from "./storage-full.js";
import { Superseded } from "./superseded.js";
import { writeStep } from "./write-step.js";

/** The seat on disk, in the hands of one engine. */
export interface SeatDatabase {
  /** Whether nothing was here before: a seat that is remembered elsewhere has lost its storage. */
  readonly fresh: boolean;
  /** Resolves when somebody else has closed the database for good. Every method throws the same from then on. */
  readonly lost: Promise<Superseded>;
  load(): Promise<SeatRecord>;
  /**
   * Writes a step: all of it is on disk when this resolves, or none. Throws Superseded if this hold of the seat has ended,
   * StorageFull if there is no room.
   */
  commitStep(step: Step): Promise<void>;
  entry(id: string): Promise<EntryRecord | undefined>;
  /** Up to `limit` entries with an order below `before`, oldest first. */
  entriesBefore(before: number, limit: number): Promise<EntryRecord[]>;
  close(): void;
}

/**
 * Opens the seat `name` and takes it over: the generation is raised, and whoever held the seat can write no more. Throws
 * Superseded when a later version of this code has been here, StorageFull, or what the browser throws when it gives no
 * storage.
 */
export async function takeSeatDatabase(
  name: string,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<SeatDatabase> {
  let end: Superseded | undefined;
  let tell: (why: Superseded) => void = () => {};
  const lost = new Promise<Superseded>((resolve) => {
    tell = resolve;
  });
  const database = await openDatabase(name, migrations, (why) => {
    end = new Superseded(why);
    tell(end);
  });
  /** What fails because the connection was taken away says so. */
  const alive = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw end ?? error;
    }
  };
  const generation = await alive(raiseGeneration(database));
  /** The group's public part, when it is known to be on disk. */
  let kept: Uint8Array | undefined;
  return {
    fresh: generation === 1,
    lost,
    load: () => alive(load(database)),
    async commitStep(step) {
      const publicPart = step.group ? publicPartOf(step.group) : undefined;
      const isKept = publicPart !== undefined && kept !== undefined && equalBytes(publicPart, kept);
      kept = step.group === null ? undefined : (publicPart ?? kept);
      try {
        await alive(writeStep(database, generation, step, isKept ? undefined : publicPart));
      } catch (error) {
        kept = undefined;
        throw error;
      }
    },
    entry: (id) => alive(readEntry(database, id)),
    entriesBefore: (before, limit) => alive(entriesBefore(database, before, limit)),
    close: () => database.close(),
  };
}

/**
 * The transaction is one over all stores: it waits for whatever a tab that sleeps in the middle of one holds, so that no later
 * step has to.
 */
async function raiseGeneration(database: MimiDatabase): Promise<number> {
  const tx = database.transaction(database.objectStoreNames, "readwrite", { durability: "strict" });
  const store = tx.objectStore("engine");
  try {
    const generation = Number((await store.get("generation")) ?? 0) + 1;
    await Promise.all([store.put(generation, "generation"), tx.done]);
    return generation;
  } catch (error) {
    await tx.done.catch(() => undefined);
    throw fullOr(error, tx.error);
  }
}

/** A connection that is closed already throws before there is a promise. */
async function readEntry(database: MimiDatabase, id: string): Promise<EntryRecord | undefined> {
  return database.get("timeline", id);
}

async function load(database: MimiDatabase): Promise<SeatRecord> {
  const tx = database.transaction(["engine", "identity", "groups", "cursors", "outbox", "keyPackages"]);
  const [identity, group, cursor, outbox, keyPackages, nickname, acceptance] = await Promise.all([
    tx.objectStore("identity").get("identity"),
    readGroupRecord(tx.objectStore("groups")),
    tx.objectStore("cursors").get("cursor"),
    tx.objectStore("outbox").getAll(),
    tx.objectStore("keyPackages").getAll(),
    tx.objectStore("engine").get("suggestedNickname"),
    tx.objectStore("engine").get("acceptance"),
    tx.done,
  ]);
  return {
    identity,
    group,
    cursor,
    outbox: outbox.sort((a, b) => a.order - b.order),
    keyPackages,
    suggestedNickname: typeof nickname === "string" ? nickname : undefined,
    acceptance: typeof acceptance === "object" ? acceptance : undefined,
  };
}

/** The group's record, whole. */
export async function readGroupRecord(store: {
  get(key: "group" | "publicPart"): Promise<GroupRecord | Uint8Array | undefined>;
}): Promise<GroupRecord | undefined> {
  const [group, publicPart] = await Promise.all([store.get("group"), store.get("publicPart")]);
  if (group instanceof Uint8Array) return undefined;
  return wholeGroup(group, publicPart instanceof Uint8Array ? publicPart : undefined);
}

async function entriesBefore(database: MimiDatabase, before: number, limit: number): Promise<EntryRecord[]> {
  const entries: EntryRecord[] = [];
  const tx = database.transaction("timeline");
  // Who waits for a request learns what became of it; nobody waits for the transaction.
  tx.done.catch(() => {});
  const index = tx.store.index("order");
  let cursor = limit > 0 ? await index.openCursor(IDBKeyRange.upperBound(before, true), "prev") : null;
  while (cursor && entries.length < limit) {
    entries.push(cursor.value);
    cursor = entries.length < limit ? await cursor.continue() : null;
  }
  return entries.reverse();
}
