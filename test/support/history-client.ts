import { utf8 } from "../../src/codec/bytes.js";
import { encode } from "../../src/codec/tls.js";
import { CIPHER_SUITE } from "../../src/mls/cipher-suite.js";
import { type Crypto, createCrypto } from "../../src/mls/crypto.js";
import { retainEpochs } from "../../src/mls/former-epochs.js";
import type { Group } from "../../src/mls/group.js";
import { type OwnKeyPackage, signKeyPackage } from "../../src/mls/key-package.js";
import type { PublicState } from "../../src/mls/public-state.js";
import type { LeafContent } from "../../src/mls/tree/leaf.js";
import { CREDENTIAL_BASIC } from "../../src/mls/wire/credential.js";
import { DEFAULT_EXTENSION, type Extension, externalSenderList } from "../../src/mls/wire/extension.js";
import { MLS10 } from "../../src/mls/wire/group-context.js";
import { SELF_REMOVE } from "../../src/mls/wire/self-remove.js";
import { plainAuthentication } from "./plain-authentication.js";

/** A GroupContext extension of these groups, whose value changes. */
export const MARK = 0xf0f1;
const LIFETIME = { notBefore: 0, notAfter: 90 * 24 * 3_600_000 };

/** A client of a group that is no room: a name and a signature key. */
export interface HistoryClient {
  readonly name: string;
  readonly crypto: Crypto;
  readonly leaf: LeafContent;
}

/** The client, with a signature key of its own. */
export async function makeHistoryClient(name: string): Promise<HistoryClient> {
  const crypto = createCrypto(plainAuthentication);
  const { publicKey: signatureKey } = await crypto.signature.keygen();
  const capabilities = {
    versions: [MLS10],
    cipherSuites: [CIPHER_SUITE],
    extensions: [MARK],
    proposals: [SELF_REMOVE],
    credentials: [CREDENTIAL_BASIC],
  };
  return { name, crypto, leaf: { signatureKey, credential: { identity: utf8(name) }, capabilities, extensions: [] } };
}

/** Somebody who can be added. */
export interface HistoryNewcomer {
  readonly client: HistoryClient;
  readonly keyPackage: OwnKeyPackage;
}

export async function makeNewcomer(client: HistoryClient): Promise<HistoryNewcomer> {
  const { crypto, leaf } = client;
  return { client, keyPackage: await signKeyPackage(crypto, { leaf, lifetime: LIFETIME, lastResort: false }) };
}

/** The GroupContext extensions of a group with that mark, in which `senderKey` may propose from outside. */
export function contextExtensions(mark: number, senderKey: Uint8Array): readonly Extension[] {
  const senders = [{ signatureKey: senderKey, credential: { identity: utf8("hub") } }];
  return [
    { extensionType: DEFAULT_EXTENSION.externalSenders, extensionData: encode(externalSenderList, senders) },
    { extensionType: MARK, extensionData: Uint8Array.of(mark) },
  ];
}

/**
 * A client in a group. One that comes again takes another seat: the old one is then somebody outside, with all that it
 * ever knew.
 */
export interface HistorySeat {
  readonly client: HistoryClient;
  group: Group;
  /** Every state that it ever had, those that were staged and dropped too. */
  readonly held: Group[];
  /** What was said to it and has not come yet. */
  readonly late: Said[];
}

/** A message on its way, with what anybody knows of the epoch that it was said in. */
export interface Said {
  readonly message: Uint8Array;
  readonly text: string;
  readonly leaf: number;
  readonly state: PublicState;
}

/** The seat of a client that came in with that group; how many former epochs it keeps depends on where it stands. */
export function seatOf(client: HistoryClient, group: Group): HistorySeat {
  return { client, group: retainEpochs(group, group.ownLeafIndex % 4), held: [], late: [] };
}

/** The list in another order. `chance`: from 0 to 1. */
export function shuffled<T>(list: readonly T[], chance: () => number): readonly T[] {
  return list
    .map((item) => ({ item, rank: chance() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}
