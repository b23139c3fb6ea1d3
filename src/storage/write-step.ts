import type { IDBPTransaction } from "idb";
import { withoutPublicPart } from "./group-parts.js";
import type { Step } from "./records.js";
import type { MimiDatabase, MimiSchema } from "./schema.js";
import { fullOr } from "./storage-full.js";
import { Superseded } from "./superseded.js";

const STORES = ["engine", "identity", "groups", "cursors", "timeline", "outbox", "keyPackages"] as const;

type StepTransaction = IDBPTransaction<MimiSchema, typeof STORES, "readwrite">;

/**
 * Writes a step: all of it is on disk when this resolves, or none of it. Throws Superseded if a newer engine took over or the
 * seat was emptied, StorageFull if there is no room. `publicPart`: that of the step's group, unless it is on disk already.
 */
export async function writeStep(
  database: MimiDatabase,
  generation: number,
  step: Step,
  publicPart: Uint8Array | undefined,
): Promise<void> {
  const tx = database.transaction(STORES, "readwrite", { durability: "strict" });
  tx.done.catch(() => {});
  // The check stands inside the transaction: whoever raised the number before it is seen, whoever does after it waits.
  const present = await tx.objectStore("engine").get("generation");
  if (present !== generation) throw await aborted(tx, new Superseded(present === undefined ? "gone" : "taken"));
  const made: Promise<unknown>[] = [tx.done];
  try {
    if (publicPart) made.push(tx.objectStore("groups").put(publicPart, "publicPart"));
    for (const request of requests(tx, step)) made.push(request);
  } catch (error) {
    // What cannot be cloned throws before its request is made: those made before it would be written without it.
    void Promise.allSettled(made);
    throw await aborted(tx, error);
  }
  try {
    await Promise.all(made);
  } catch (error) {
    await tx.done.catch(() => undefined);
    throw fullOr(error, tx.error);
  }
}

function* requests(tx: StepTransaction, step: Step): Generator<Promise<unknown>> {
  const { identity, group, cursor, suggestedNickname, acceptance } = step;
  if (identity) yield tx.objectStore("identity").put(identity, "identity");
  if (identity === null) yield tx.objectStore("identity").clear();
  if (group) {
    const record = withoutPublicPart(group);
    yield tx.objectStore("groups").put(record, "group");
    // it has been cloned by now, and holds secrets
    if (record !== group) record.group?.fill(0);
  }
  if (group === null) yield tx.objectStore("groups").clear();
  if (cursor) yield tx.objectStore("cursors").put(cursor, "cursor");
  if (cursor === null) yield tx.objectStore("cursors").clear();
  if (suggestedNickname !== undefined) yield tx.objectStore("engine").put(suggestedNickname, "suggestedNickname");
  if (acceptance !== undefined) yield tx.objectStore("engine").put(acceptance, "acceptance");
  yield* changes(tx, "timeline", step.entries, step.entriesGone);
  yield* changes(tx, "outbox", step.outbox, step.outboxGone);
  yield* changes(tx, "keyPackages", step.keyPackages, step.keyPackagesGone);
}

function* changes<Store extends "timeline" | "outbox" | "keyPackages">(
  tx: StepTransaction,
  name: Store,
  put: readonly MimiSchema[Store]["value"][] = [],
  gone: readonly string[] | "all" = [],
): Generator<Promise<unknown>> {
  const store = tx.objectStore(name);
  if (gone === "all") yield store.clear();
  else for (const id of gone) yield store.delete(id);
  for (const record of put) yield store.put(record);
}

async function aborted(tx: StepTransaction, why: unknown): Promise<unknown> {
  tx.abort();
  await tx.done.catch(() => undefined);
  return why;
}
