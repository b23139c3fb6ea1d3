import type { IDBPDatabase, IDBPTransaction } from "idb";

/** One step of the schema. It sees the stores as they were then, so it knows nothing of today's types. */
export type Migration = (
  database: IDBPDatabase,
  transaction: IDBPTransaction<unknown, string[], "versionchange">,
) => void | Promise<void>;

/**
 * What made the database what it is, in order; its version is their number. One that was released never changes: browsers
 * have run it, and will not again.
 */
export const MIGRATIONS: readonly Migration[] = [
  (database) => {
    database.createObjectStore("engine");
    database.createObjectStore("identity");
    database.createObjectStore("groups");
    database.createObjectStore("cursors");
    database.createObjectStore("timeline", { keyPath: "id" }).createIndex("order", "order");
    database.createObjectStore("outbox", { keyPath: "id" });
  },

  // The cursor was a number. Which event stood there is not known any more.
  async (database, transaction) => {
    database.createObjectStore("keyPackages", { keyPath: "reference" });
    const cursors = transaction.objectStore("cursors");
    const cursor: unknown = await cursors.get("cursor");
    if (typeof cursor === "number") await cursors.put({ cursor, hash: "" }, "cursor");
  },
];
