import { isLeaf, toNodeIndex } from "ts-mls/treemath.js";
import { concat } from "../../codec/bytes.js";
import { encode, opaque, optional, struct, uint32 } from "../../codec/tls.js";
import type { Crypto } from "../crypto.js";
import { type LeafNode, leafNode } from "../wire/leaf-node.js";
import { nodeType, type ParentNodeOfTree, parentNode } from "../wire/ratchet-tree.js";
import { childrenOf, isBelow, leafAt, type Nodes, rootOf } from "./nodes.js";

/** LeafNodeHashInput and ParentNodeHashInput (RFC 9420, 7.8), each behind its NodeType. */
const leafHashInput = struct({ leafIndex: uint32, leafNode: optional(leafNode) });
const parentHashInput = struct({ parentNode: optional(parentNode), leftHash: opaque, rightHash: opaque });

const known = new WeakMap<Nodes, readonly Uint8Array[]>();

/**
 * The tree hash of every node, by node index (RFC 9420, 7.8). Kept for the array that they belong to; of a tree that
 * was made from `base`, only what changed is hashed.
 */
export async function treeHashes(crypto: Crypto, nodes: Nodes, base?: Nodes): Promise<readonly Uint8Array[]> {
  const before = known.get(nodes);
  if (before !== undefined) return before;
  const baseHashes = base === undefined ? undefined : known.get(base);
  const hashes: Uint8Array[] = Array(nodes.length);

  /** Fills in the hashes below `index`; true when none differs from the base's. */
  async function fill(index: number): Promise<boolean> {
    const children = isLeaf(toNodeIndex(index)) ? [] : childrenOf(index);
    let same = baseHashes !== undefined && index < baseHashes.length && nodes[index] === base?.[index];
    for (const child of children) same = (await fill(child)) && same;
    hashes[index] = (same ? baseHashes?.[index] : undefined) ?? (await hashNode(crypto, nodes, index, hashes));
    return same;
  }

  await fill(rootOf(nodes));
  known.set(nodes, hashes);
  return hashes;
}

/** The tree hash of the whole tree: what the GroupContext holds. */
export async function treeHash(crypto: Crypto, nodes: Nodes, base?: Nodes): Promise<Uint8Array> {
  return at(await treeHashes(crypto, nodes, base), rootOf(nodes));
}

/**
 * The tree hash of the subtree at `index` as it was before those leaves were added: "the tree hash of S … with the
 * leaves in P.unmerged_leaves blanked, and taken out of every unmerged_leaves" (RFC 9420, 7.9). Only what is above those leaves is
 * hashed: a tree may have as many lists of them as nodes. Every list in the tree holds leaves below its node only.
 */
export async function originalTreeHash(
  crypto: Crypto,
  nodes: Nodes,
  index: number,
  unmerged: readonly number[],
): Promise<Uint8Array> {
  const hashes = await treeHashes(crypto, nodes);
  const blanked = new Set(unmerged);

  async function hashWithout(position: number, below: readonly number[]): Promise<Uint8Array> {
    if (below.length === 0) return at(hashes, position);
    if (isLeaf(toNodeIndex(position))) return hashLeaf(crypto, position / 2, undefined);
    const [left, right] = childrenOf(position);
    const isLeft = (leaf: number) => 2 * leaf < position;
    const leftHash = await hashWithout(left, below.filter(isLeft));
    const rightHash = await hashWithout(
      right,
      below.filter((leaf) => !isLeft(leaf)),
    );
    const node = nodes[position];
    const original = node?.kind === "parent" && {
      ...node,
      unmergedLeaves: node.unmergedLeaves.filter((leaf) => !blanked.has(leaf)),
    };
    return hashParent(crypto, original || undefined, leftHash, rightHash);
  }

  const isInside = (leaf: number) => 2 * leaf === index || isBelow(nodes, leaf, index);
  return hashWithout(index, unmerged.filter(isInside));
}

/** The hash at that node index. */
export function at(hashes: readonly Uint8Array[], index: number): Uint8Array {
  const hash = hashes[index];
  if (hash === undefined) throw new RangeError(`no node ${index}`);
  return hash;
}

function hashNode(crypto: Crypto, nodes: Nodes, index: number, below: readonly Uint8Array[]): Promise<Uint8Array> {
  if (isLeaf(toNodeIndex(index))) return hashLeaf(crypto, index / 2, leafAt(nodes, index / 2));
  const node = nodes[index];
  const [left, right] = childrenOf(index);
  return hashParent(crypto, node?.kind === "parent" ? node : undefined, at(below, left), at(below, right));
}

function hashLeaf(crypto: Crypto, leafIndex: number, leaf: LeafNode | undefined): Promise<Uint8Array> {
  return crypto.hash.digest(concat(encode(nodeType, "leaf"), encode(leafHashInput, { leafIndex, leafNode: leaf })));
}

function hashParent(
  crypto: Crypto,
  node: ParentNodeOfTree | undefined,
  leftHash: Uint8Array,
  rightHash: Uint8Array,
): Promise<Uint8Array> {
  const input = encode(parentHashInput, { parentNode: node, leftHash, rightHash });
  return crypto.hash.digest(concat(encode(nodeType, "parent"), input));
}
