import type { Store } from "./schema.js";

/** A KeyPackage as it is kept. */
export interface StoredKeyPackage {
  /** KeyPackageRef (RFC 9420, 5.2). */
  readonly reference: Uint8Array;
  readonly lastResort: boolean;
  /** Milliseconds since 1970. */
  readonly notAfter: number;
}

/** The KeyPackages of a client that are good at `now`, those that expire first before the others. */
export async function keyPackagesOf(store: Store, clientUri: string, now: number): Promise<StoredKeyPackage[]> {
  const rows = await store
    .selectFrom("key_packages")
    .select(["reference", "last_resort", "not_after"])
    .where("client_uri", "=", clientUri)
    .where("not_after", ">", now)
    .orderBy("not_after")
    .orderBy("reference")
    .execute();
  return rows.map((row) => ({ reference: row.reference, lastResort: row.last_resort === 1, notAfter: row.not_after }));
}

/**
 * Keeps KeyPackages of a client beside those that it has; one that is there already is there once. A new last resort takes the
 * place of the one before. Resolves with whether they are kept: not when the client would have more than `most`.
 */
export async function keepKeyPackages(
  store: Store,
  clientUri: string,
  offered: readonly (StoredKeyPackage & { readonly message: Uint8Array })[],
  { now, most }: { readonly now: number; readonly most: number },
): Promise<boolean> {
  return await store.transaction().execute(async (tx) => {
    const kept = await keyPackagesOf(tx, clientUri, now);
    const single = [...kept, ...offered].filter(({ lastResort }) => !lastResort);
    if (new Set(single.map(({ reference }) => reference.toString())).size > most) return false;
    await tx.deleteFrom("key_packages").where("client_uri", "=", clientUri).where("not_after", "<=", now).execute();
    if (offered.some(({ lastResort }) => lastResort)) {
      await tx.deleteFrom("key_packages").where("client_uri", "=", clientUri).where("last_resort", "=", 1).execute();
    }
    for (const { reference, lastResort, notAfter, message } of offered) {
      await tx
        .insertInto("key_packages")
        .values({ client_uri: clientUri, reference, last_resort: lastResort ? 1 : 0, not_after: notAfter, message })
        .onConflict((conflict) => conflict.columns(["client_uri", "reference"]).doNothing())
        .execute();
    }
    return true;
  });
}
