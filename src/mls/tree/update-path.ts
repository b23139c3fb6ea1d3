import { equalBytes, toHex } from "../../codec/bytes.js";
import { encode } from "../../codec/tls.js";
import { HASH_LENGTH } from "../cipher-suite.js";
import type { Crypto } from "../crypto.js";
import { isX25519Key } from "../curve25519.js";
import { decryptWithLabel, encryptWithLabel } from "../encrypt-with-label.js";
import { forget } from "../forget.js";
import { deriveKeyPair, generateKeyPair } from "../hpke.js";
import { deriveSecret } from "../labels.js";
import { ensure, MlsError } from "../mls-error.js";
import { randomBytes } from "../random.js";
import type { UpdatePath, UpdatePathNode } from "../wire/commit.js";
import { type GroupContext, groupContext } from "../wire/group-context.js";
import { type LeafContent, signLeaf } from "./leaf.js";
import {
  directPathOf,
  filteredDirectPath,
  isBelow,
  type Nodes,
  nodeOfLeaf,
  type PathStep,
  withBlank,
} from "./nodes.js";
import { parentHash } from "./parent-hash.js";
import { at, treeHash, treeHashes } from "./tree-hash.js";

const LABEL = "UpdatePathNode";
const NO_HASH = new Uint8Array(0);

/** Private keys of tree nodes, 32 octets each, by node index. */
export type PrivateKeys = ReadonlyMap<number, Uint8Array>;

/** What a committer has after making a path. */
export interface CreatedPath {
  readonly path: UpdatePath;
  readonly nodes: Nodes;
  readonly privateKeys: PrivateKeys;
  readonly commitSecret: Uint8Array;
  /** For each leaf that the commit adds, by leaf index: the path secret of the lowest node above it, for its Welcome. */
  readonly welcomed: ReadonlyMap<number, Uint8Array>;
}

/**
 * Makes the path of a commit (RFC 9420, 7.4 to 7.6 and 12.4.1).
 * @param nodes the tree with the proposals applied, the committer's leaf in it.
 * @param leaf what the committer's new leaf says; its encryption key and source are made here.
 * @param context the GroupContext with epoch and extensions of the new epoch; the tree hash is filled in here.
 * @param added leaf indices of those whom the commit adds: "excluding new leaf nodes", they are told by their Welcome.
 */
export async function createUpdatePath(
  crypto: Crypto,
  nodes: Nodes,
  leafIndex: number,
  leaf: LeafContent,
  context: GroupContext,
  added: readonly number[],
): Promise<CreatedPath> {
  const steps = filteredDirectPath(nodes, leafIndex);
  const { secrets, commitSecret } = await pathSecrets(crypto, randomBytes(HASH_LENGTH), steps.length);
  const [own, ...pairs] = await Promise.all([
    generateKeyPair(),
    ...secrets.map((secret) => nodeKeyPair(crypto, secret)),
  ]);
  const keys = pairs.map(({ publicKey }) => publicKey);
  const merged = await mergePath(crypto, nodes, leafIndex, steps, keys);
  const source = { kind: "commit", parentHash: merged.leafParentHash } as const;
  const { groupId } = context;
  const signed = await signLeaf(crypto, { ...leaf, encryptionKey: own.publicKey, source }, { groupId, leafIndex });
  const updated = merged.nodes.with(nodeOfLeaf(leafIndex), { kind: "leaf", ...signed });
  const info = encode(groupContext, { ...context, treeHash: await treeHash(crypto, updated, nodes) });
  const pathNodes = await Promise.all(
    steps.map(async (step, position): Promise<UpdatePathNode> => {
      const encryptedPathSecret = await Promise.all(
        recipients(step, added).map((index) =>
          encryptWithLabel(keyAt(nodes, index), LABEL, info, at(secrets, position)),
        ),
      );
      return { encryptionKey: at(keys, position), encryptedPathSecret };
    }),
  );
  const welcomed = new Map(
    added.map((newLeaf) => {
      const lowest = steps.findIndex(({ index }) => isBelow(nodes, newLeaf, index));
      return [newLeaf, at(secrets, lowest).slice()];
    }),
  );
  forget(...secrets);
  const privateKeys = new Map(
    steps.map(({ index }, position) => [
      index,
      at(
        pairs.map((p) => p.privateKey),
        position,
      ),
    ]),
  );
  privateKeys.set(nodeOfLeaf(leafIndex), own.privateKey);
  return { path: { leafNode: signed, nodes: pathNodes }, nodes: updated, privateKeys, commitSecret, welcomed };
}

/**
 * The tree with a received path merged in (RFC 9420, 7.5 and 12.4.2), checked as far as public data goes. The leaf itself is
 * the caller's to validate.
 * @param nodes the tree with the proposals applied, and the leaf of a joiner added.
 * @param occupied the same without the joiner's leaf: its keys are taken.
 * @param added leaf indices of those whom the commit adds.
 * Throws MlsError "invalidCommit".
 */
export async function applyUpdatePath(
  crypto: Crypto,
  nodes: Nodes,
  leafIndex: number,
  path: UpdatePath,
  occupied: Nodes,
  added: readonly number[],
): Promise<Nodes> {
  const steps = filteredDirectPath(nodes, leafIndex);
  const fits =
    path.nodes.length === steps.length &&
    steps.every(
      (step, position) => path.nodes[position]?.encryptedPathSecret.length === recipients(step, added).length,
    );
  ensure(fits, "invalidCommit", "a path that does not fit the tree");
  const usable = path.nodes.every(({ encryptionKey }) => isX25519Key(encryptionKey));
  ensure(usable, "invalidCommit", "a path with a key that nobody can encrypt to");
  // "Verify that … none of the public keys in the UpdatePath appear in any node of the new ratchet tree"
  const keys = [path.leafNode.encryptionKey, ...path.nodes.map(({ encryptionKey }) => encryptionKey)].map(toHex);
  const inTree = new Set(occupied.flatMap((node) => (node === undefined ? [] : [toHex(node.encryptionKey)])));
  const fresh = new Set(keys).size === keys.length && !keys.some((key) => inTree.has(key));
  ensure(fresh, "invalidCommit", "a path with an encryption key that is in the tree already");
  const merged = await mergePath(
    crypto,
    nodes,
    leafIndex,
    steps,
    path.nodes.map(({ encryptionKey }) => encryptionKey),
  );
  const { source } = path.leafNode;
  const bound = source.kind === "commit" && equalBytes(source.parentHash, merged.leafParentHash);
  ensure(bound, "invalidCommit", "a path whose leaf does not hold its parent hash");
  return merged.nodes.with(nodeOfLeaf(leafIndex), { kind: "leaf", ...path.leafNode });
}

/** What a member finds in a received path. */
export interface OpenedPath {
  /** Private keys of the path's nodes that are above the member, too. */
  readonly privateKeys: PrivateKeys;
  readonly commitSecret: Uint8Array;
}

/**
 * Decrypts the path secret that is meant for this member and derives the rest (RFC 9420, 12.4.2).
 * @param nodes the tree with the proposals applied and the path not.
 * @param context the provisional GroupContext: that of the new epoch with the old confirmed transcript hash.
 * Throws MlsError "cannotDecrypt", "invalidCommit".
 */
export async function openUpdatePath(
  crypto: Crypto,
  nodes: Nodes,
  committer: number,
  path: UpdatePath,
  context: GroupContext,
  member: { readonly leafIndex: number; readonly privateKeys: PrivateKeys },
  added: readonly number[],
): Promise<OpenedPath> {
  const steps = filteredDirectPath(nodes, committer);
  const first = steps.findIndex(({ index }) => isBelow(nodes, member.leafIndex, index));
  const step = steps[first];
  if (step === undefined) throw new MlsError("cannotDecrypt", "a path that does not lead over this member");
  const ciphertexts = path.nodes[first]?.encryptedPathSecret ?? [];
  const { ciphertext, privateKey } = findCiphertext(recipients(step, added), ciphertexts, member.privateKeys);
  const info = encode(groupContext, context);
  const secret = await decryptWithLabel(privateKey, LABEL, info, ciphertext);
  const stated = path.nodes.slice(first).map(({ encryptionKey }) => encryptionKey);
  return openPathSecret(crypto, secret, steps.slice(first), stated);
}

/**
 * The private keys that a path secret gives for the nodes of `steps`, lowest first, whose public keys are `stated`. Leaves zeros
 * where `secret` was. Throws MlsError "invalidCommit" when it gives others.
 */
async function openPathSecret(
  crypto: Crypto,
  secret: Uint8Array,
  steps: readonly Pick<PathStep, "index">[],
  stated: readonly Uint8Array[],
): Promise<OpenedPath> {
  ensure(secret.length === HASH_LENGTH, "invalidCommit", "a path secret of a wrong length");
  const { secrets, commitSecret } = await pathSecrets(crypto, secret, steps.length);
  const pairs = await Promise.all(secrets.map((pathSecret) => nodeKeyPair(crypto, pathSecret)));
  forget(...secrets);
  // "the public keys … MUST be … the same as the public keys in the UpdatePath"
  const same = pairs.every(({ publicKey }, position) => equalBytes(at(stated, position), publicKey));
  ensure(same, "invalidCommit", "a path secret that does not give the path's keys");
  const privateKeys = steps.map(({ index }, position) => [index, pairs[position]?.privateKey] as const);
  return { privateKeys: new Map(privateKeys.filter(isHeld)), commitSecret };
}

function isHeld(entry: readonly [number, Uint8Array | undefined]): entry is readonly [number, Uint8Array] {
  return entry[1] !== undefined;
}

/**
 * The private keys that the path secret in a Welcome gives: of the committer's path, from the lowest node above both leaves on
 * (RFC 9420, 12.4.3.1). Throws MlsError "invalidCommit" when they are not the tree's.
 */
export async function openWelcomedSecret(
  crypto: Crypto,
  nodes: Nodes,
  secret: Uint8Array,
  committer: number,
  leafIndex: number,
): Promise<PrivateKeys> {
  const path = directPathOf(nodes, committer).filter((index) => isBelow(nodes, leafIndex, index));
  const steps = path.filter((index) => nodes[index] !== undefined).map((index) => ({ index }));
  const stated = steps.map(({ index }) => keyAt(nodes, index));
  return (await openPathSecret(crypto, secret, steps, stated)).privateKeys;
}

/**
 * The private keys that are still of use in the new tree: those of nodes that are what they were, and the fresh ones.
 */
export function retainKeys(before: Nodes, after: Nodes, held: PrivateKeys, fresh: PrivateKeys): PrivateKeys {
  const kept = [...held].filter(([index]) => {
    const [was, is] = [before[index], after[index]];
    return was !== undefined && is !== undefined && equalBytes(was.encryptionKey, is.encryptionKey);
  });
  return new Map([...kept, ...fresh]);
}

/** Blanks the direct path, puts the path's keys there, and computes parent hashes from the root down (RFC 9420, 7.9). */
async function mergePath(
  crypto: Crypto,
  nodes: Nodes,
  leafIndex: number,
  steps: readonly PathStep[],
  keys: readonly Uint8Array[],
): Promise<{ nodes: Nodes; leafParentHash: Uint8Array }> {
  const merged = Array.from(withBlank(nodes, directPathOf(nodes, leafIndex)));
  const hashes = await treeHashes(crypto, nodes);
  let hash: Uint8Array = NO_HASH;
  for (const [position, { index, copathChild }] of [...steps.entries()].reverse()) {
    const parent = { encryptionKey: at(keys, position), parentHash: hash, unmergedLeaves: [] };
    merged[index] = { kind: "parent", ...parent };
    hash = await parentHash(crypto, parent, at(hashes, copathChild));
  }
  return { nodes: merged, leafParentHash: hash };
}

/** "path_secret[n] = DeriveSecret(path_secret[n-1], "path")"; the one after the last is the commit secret (RFC 9420, 7.4). */
async function pathSecrets(crypto: Crypto, first: Uint8Array, count: number) {
  const secrets: Uint8Array[] = [];
  let secret = first;
  for (let step = 0; step < count; step++) {
    secrets.push(secret);
    secret = await deriveSecret(secret, "path", crypto.kdf);
  }
  return { secrets, commitSecret: secret };
}

/** "node_secret[n] = DeriveSecret(path_secret[n], "node"); node_priv[n], node_pub[n] = KEM.DeriveKeyPair(node_secret[n])" */
async function nodeKeyPair(crypto: Crypto, pathSecret: Uint8Array) {
  const nodeSecret = await deriveSecret(pathSecret, "node", crypto.kdf);
  const pair = await deriveKeyPair(nodeSecret);
  forget(nodeSecret);
  return pair;
}

function keyAt(nodes: Nodes, index: number): Uint8Array {
  const node = nodes[index];
  if (node === undefined) throw new RangeError(`node ${index} is blank`);
  return node.encryptionKey;
}

/** To whom a step's path secret is encrypted: the resolution "excluding new leaf nodes" (RFC 9420, 7.6). */
function recipients(step: PathStep, added: readonly number[]): readonly number[] {
  const newcomers = new Set(added.map(nodeOfLeaf));
  return step.resolution.filter((index) => !newcomers.has(index));
}

function findCiphertext(
  recipients: readonly number[],
  ciphertexts: readonly { readonly kemOutput: Uint8Array; readonly ciphertext: Uint8Array }[],
  keys: PrivateKeys,
) {
  for (const [position, index] of recipients.entries()) {
    const privateKey = keys.get(index);
    const ciphertext = ciphertexts[position];
    if (privateKey !== undefined && ciphertext !== undefined) return { privateKey, ciphertext };
  }
  throw new MlsError("cannotDecrypt", "a path without a secret for this member");
}
