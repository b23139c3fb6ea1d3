import type { Store } from "./schema.js";

/** A registered client. */
export interface Client {
  readonly clientUri: string;
  readonly userUri: string;
}

export interface Registration extends Client {
  readonly userKey: Uint8Array;
  readonly signatureKey: Uint8Array;
  readonly tokenHash: Uint8Array;
  readonly now: number;
  readonly expiresAt: number;
  /** The client's newest tokens that stay good, the new one included. */
  readonly tokensKept: number;
}

/** Registers a client, or renews it. Resolves with whether it was new, once that is durable. */
export async function register(store: Store, registration: Registration): Promise<boolean> {
  const { clientUri, userUri, userKey, signatureKey, tokenHash, now, expiresAt, tokensKept } = registration;
  return await store.transaction().execute(async (tx) => {
    const known = await tx
      .selectFrom("clients")
      .select("client_uri")
      .where("client_uri", "=", clientUri)
      .executeTakeFirst();
    await tx
      .insertInto("clients")
      .values({
        client_uri: clientUri,
        user_uri: userUri,
        user_key: userKey,
        signature_key: signatureKey,
        created_at: now,
      })
      .onConflict((conflict) => conflict.column("client_uri").doUpdateSet({ signature_key: signatureKey }))
      .execute();
    await tx
      .insertInto("tokens")
      .values({ token_hash: tokenHash, client_uri: clientUri, expires_at: expiresAt })
      .execute();
    const surplus = await tx
      .selectFrom("tokens")
      .select("token_hash")
      .where("client_uri", "=", clientUri)
      .orderBy("expires_at", "desc")
      .limit(100)
      .offset(tokensKept)
      .execute();
    for (const { token_hash } of surplus) await tx.deleteFrom("tokens").where("token_hash", "=", token_hash).execute();
    return known === undefined;
  });
}

/** The client whose token hashes to this, and until when it is good; undefined for an unknown or expired one. */
export async function clientOfToken(
  store: Store,
  tokenHash: Uint8Array,
  now: number,
): Promise<(Client & { readonly expiresAt: number }) | undefined> {
  const row = await store
    .selectFrom("tokens")
    .innerJoin("clients", "clients.client_uri", "tokens.client_uri")
    .select(["clients.client_uri", "clients.user_uri", "tokens.expires_at"])
    .where("tokens.token_hash", "=", tokenHash)
    .where("tokens.expires_at", ">", now)
    .executeTakeFirst();
  return row && { clientUri: row.client_uri, userUri: row.user_uri, expiresAt: row.expires_at };
}

/**
 * Forgets what has expired: tokens, KeyPackages, and clients that are left without either. They register again; until its
 * KeyPackages expire a client can be added to a room while it is away.
 */
export async function forgetExpired(store: Store, now: number): Promise<void> {
  await store.deleteFrom("tokens").where("expires_at", "<=", now).execute();
  await store.deleteFrom("key_packages").where("not_after", "<=", now).execute();
  await store
    .deleteFrom("clients")
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("key_packages").select("reference").whereRef("key_packages.client_uri", "=", "clients.client_uri"),
        ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom("tokens").select("token_hash").whereRef("tokens.client_uri", "=", "clients.client_uri"))),
    )
    .execute();
}
