import { makeKeyPackage, type OwnKeyPackage, parseKeyPackage } from "../../src/mls/key-package.js";
import { joinByWelcome, type WelcomeParts } from "../../src/mls/welcome.js";
import type { Proposal } from "../../src/mls/wire/proposal.js";
import type { Seat, TestClient } from "./mls-builders.js";

const LIFETIME = { notBefore: 0, notAfter: 90 * 24 * 3_600_000 };

/** Somebody who can be added: a client and a KeyPackage of it. */
export interface Newcomer extends TestClient {
  readonly keyPackage: OwnKeyPackage;
}

export async function newcomer(client: TestClient): Promise<Newcomer> {
  const { crypto, identity } = client;
  return { ...client, keyPackage: await makeKeyPackage(crypto, { identity, lifetime: LIFETIME, lastResort: false }) };
}

/** The proposal to add them. */
export function addOf({ keyPackage }: Newcomer): Extract<Proposal, { kind: "add" }> {
  return { kind: "add", keyPackage: parseKeyPackage(keyPackage.message) };
}

/** Their seat, by a Welcome. */
export async function welcomed(
  client: Newcomer,
  staged: { readonly welcome: Uint8Array | undefined; readonly ratchetTree: Uint8Array },
  parts: Partial<WelcomeParts> = {},
): Promise<Seat> {
  if (staged.welcome === undefined) throw new Error("a commit that adds nobody");
  const { welcome, ratchetTree } = staged;
  const group = await joinByWelcome(client.crypto, { welcome, ratchetTree, keyPackage: client.keyPackage, ...parts });
  return { ...client, group };
}
