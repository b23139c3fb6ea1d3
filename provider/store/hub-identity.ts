import { providerUri } from "../../src/codec/mimi-uri.js";
import type { Store } from "./schema.js";

/** The hub's system user: the `external_senders` entry of every room. */
export interface HubIdentity {
  readonly domain: string;
  /** `mimi://domain` */
  readonly uri: string;
  /** Ed25519 public key, 32 octets. */
  readonly signatureKey: Uint8Array;
}

/**
 * The hub's identity as it stands in the database; made there at the first start.
 *
 * @throws Error when the database belongs to another domain: its rooms' URIs would name a provider that is not there.
 */
export async function loadHubIdentity(store: Store, domain: string): Promise<HubIdentity> {
  const row =
    (await store.selectFrom("hub").select(["domain", "public_key"]).executeTakeFirst()) ?? (await make(store, domain));
  if (row.domain !== domain) {
    throw new Error(
      `this database belongs to ${row.domain}, not to ${domain}: set PUBLIC_URL or PORT as before, or use another DATA_DIR`,
    );
  }
  return { domain, uri: providerUri(domain), signatureKey: row.public_key };
}

async function make(store: Store, domain: string): Promise<{ domain: string; public_key: Uint8Array }> {
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  if (!("privateKey" in pair)) throw new Error("Ed25519 gave no key pair");
  const row = {
    id: 1,
    domain,
    private_key: new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey)),
    public_key: new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)),
  };
  await store.insertInto("hub").values(row).execute();
  return row;
}
