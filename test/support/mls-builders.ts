import { newGroupId } from "../../src/codec/group-id.js";
import { clientUri, guestUserId, providerUri } from "../../src/codec/mimi-uri.js";
import { type Crypto, createCrypto } from "../../src/mls/crypto.js";
import { stageExternalCommit } from "../../src/mls/external-commit.js";
import { createGroup, type Group } from "../../src/mls/group.js";
import { type GroupInfoBundle, makeGroupInfo } from "../../src/mls/group-info.js";
import { type LeafIdentity, makeLeafIdentity } from "../../src/mls/leaf-identity.js";
import { randomBytes } from "../../src/mls/random.js";
import { exportPublicKey, generateSignatureKey, generateUserKey } from "../../src/mls/signing.js";
import { stage } from "../../src/mls/stage.js";

export const DOMAIN = "example.com";
export const ROOM = `mimi://${DOMAIN}/r/lobby`;

/** A guest's device: its keys and what its leaf says. */
export interface TestClient {
  readonly crypto: Crypto;
  readonly identity: LeafIdentity;
  readonly userKeyPair: CryptoKeyPair;
  readonly signatureKeyPair: CryptoKeyPair;
}

/** A new guest, or with `userKeyPair` another client of one. */
export async function makeClient(
  nickname: string,
  parts: { readonly domain?: string; readonly client?: string; readonly userKeyPair?: CryptoKeyPair } = {},
): Promise<TestClient> {
  const crypto = createCrypto();
  const userKeyPair = parts.userKeyPair ?? (await generateUserKey(false));
  const signatureKeyPair = await generateSignatureKey();
  const signatureKey = await crypto.addSignatureKey(signatureKeyPair);
  const user = await guestUserId(await exportPublicKey(userKeyPair.publicKey));
  const uri = clientUri(parts.domain ?? DOMAIN, user, parts.client ?? "1");
  const identity = await makeLeafIdentity({ clientUri: uri, nickname, userKeyPair, signatureKey });
  return { crypto, identity, userKeyPair, signatureKeyPair };
}

/** The first group of a room: one member, the hub as external sender. */
export async function startGroup(
  { crypto, identity }: TestClient,
  parts: { readonly room?: string; readonly roomPolicy?: Uint8Array; readonly hub?: CryptoKeyPair } = {},
): Promise<Group> {
  const hub = parts.hub ?? (await generateSignatureKey());
  return createGroup(crypto, {
    groupId: newGroupId(parts.room ?? ROOM, randomBytes(16)),
    identity,
    roomPolicy: parts.roomPolicy ?? Uint8Array.of(1, 2, 3),
    externalSenders: [{ signatureKey: await exportPublicKey(hub.publicKey), uri: providerUri(DOMAIN) }],
  });
}

/** A client in a group. */
export interface Seat extends TestClient {
  readonly group: Group;
}

/** A group with one member for each name, the first of whom made it; all are in the last epoch. */
export async function makeSeats(
  names: readonly string[],
  parts: Parameters<typeof startGroup>[1] = {},
): Promise<Seat[]> {
  const [first, ...others] = await Promise.all(names.map((name) => makeClient(name)));
  if (first === undefined) return [];
  let seats: Seat[] = [{ ...first, group: await startGroup(first, parts) }];
  let bundle = await makeGroupInfo(first.crypto, seatAt(seats, 0).group);
  for (const client of others) {
    const joined = await join(client, bundle);
    seats = [...(await deliver(seats, joined.commit)), joined.seat];
    bundle = joined;
  }
  return seats;
}

/** Joins by an external commit that everybody accepts. */
export async function join(
  client: TestClient,
  bundle: GroupInfoBundle,
  parts: { readonly pendingProposals?: readonly Uint8Array[]; readonly removeOwn?: readonly number[] } = {},
): Promise<GroupInfoBundle & { readonly commit: Uint8Array; readonly seat: Seat }> {
  const { crypto, identity } = client;
  const { groupInfo, ratchetTree } = bundle;
  const staged = await stageExternalCommit(crypto, {
    groupInfo,
    ratchetTree,
    identity,
    pendingProposals: [],
    ...parts,
  });
  return { ...staged, seat: { ...client, group: staged.next } };
}

/** Lets every seat process a commit and keep its outcome; seats that it removes are left out. */
export async function deliver(
  seats: readonly Seat[],
  commit: Uint8Array,
  pending: readonly Uint8Array[] = [],
): Promise<Seat[]> {
  const after = await Promise.all(
    seats.map(async (seat) => {
      const staged = await stage(seat.crypto, seat.group, commit, pending);
      if (staged.kind !== "commit") throw new Error(`a ${staged.kind} where a commit is expected`);
      return staged.next === undefined ? [] : [{ ...seat, group: staged.next }];
    }),
  );
  return after.flat();
}

/** The seat at that place; throws instead of being undefined. */
export function seatAt(seats: readonly Seat[], index: number): Seat {
  const seat = seats[index];
  if (seat === undefined) throw new RangeError(`no seat ${index}`);
  return seat;
}
