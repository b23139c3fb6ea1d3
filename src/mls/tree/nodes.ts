import {
  directPath,
  isLeaf,
  leafToNodeIndex,
  leafWidth,
  left,
  right,
  root,
  sibling,
  toLeafIndex,
  toNodeIndex,
} from "ts-mls/treemath.js";
import { ensureWithin } from "../bounds.js";
import { MlsError } from "../mls-error.js";
import type { LeafNode } from "../wire/leaf-node.js";
import type { LeafNodeOfTree, Node } from "../wire/ratchet-tree.js";

/**
 * A ratchet tree as the array of RFC 9420, appendix C: leaves at even indices, always 2^(d+1) - 1 entries, `undefined`
 * where blank. Nodes and arrays are never changed: every function here returns a new array that shares the old nodes.
 */
export type Nodes = readonly (Node | undefined)[];

/** How many leaves, blank ones included, the tree has room for. */
export function width(nodes: Nodes): number {
  return leafWidth(nodes.length);
}

/** Node index of the root. */
export function rootOf(nodes: Nodes): number {
  return root(width(nodes));
}

/** Node index of a leaf. */
export function nodeOfLeaf(leafIndex: number): number {
  return leafToNodeIndex(toLeafIndex(leafIndex));
}

/** Node indices of a parent's children. */
export function childrenOf(parentIndex: number): readonly [number, number] {
  const index = toNodeIndex(parentIndex);
  return [left(index), right(index)];
}

/** Node indices from a leaf's parent to the root (RFC 9420, 4.1.2). */
export function directPathOf(nodes: Nodes, leafIndex: number): readonly number[] {
  return directPath(leafToNodeIndex(toLeafIndex(leafIndex)), width(nodes));
}

/** The leaf at that leaf index; undefined where blank or outside of the tree. */
export function leafAt(nodes: Nodes, leafIndex: number): LeafNodeOfTree | undefined {
  const node = leafIndex < width(nodes) ? nodes[nodeOfLeaf(leafIndex)] : undefined;
  return node?.kind === "leaf" ? node : undefined;
}

/** Every leaf that is not blank, from left to right. */
export function leaves(nodes: Nodes): readonly { readonly leafIndex: number; readonly leaf: LeafNodeOfTree }[] {
  return Array.from({ length: width(nodes) }, (_, leafIndex) => ({ leafIndex, leaf: leafAt(nodes, leafIndex) })).filter(
    (entry): entry is { leafIndex: number; leaf: LeafNodeOfTree } => entry.leaf !== undefined,
  );
}

/** The tree without a leaf: "blank … the leaf and its direct path", then truncated (RFC 9420, 12.1.3). */
export function removeLeaf(nodes: Nodes, leafIndex: number): Nodes {
  return truncate(withBlank(nodes, [nodeOfLeaf(leafIndex), ...directPathOf(nodes, leafIndex)]));
}

/** The tree with another leaf in that place, its direct path blank (RFC 9420, 12.1.2). */
export function replaceLeaf(nodes: Nodes, leafIndex: number, leaf: LeafNode): Nodes {
  return withNode(withBlank(nodes, directPathOf(nodes, leafIndex)), nodeOfLeaf(leafIndex), { kind: "leaf", ...leaf });
}

/**
 * The tree with one more leaf: in the leftmost blank place, else in a tree twice as wide; "for each non-blank
 * intermediate node … add the new leaf's index to unmerged_leaves", which stays sorted (RFC 9420, 12.1.1 and 7.7).
 */
export function addLeaf(nodes: Nodes, leaf: LeafNode): { readonly nodes: Nodes; readonly leafIndex: number } {
  const leafIndex = firstBlankLeaf(nodes);
  ensureWithin("leaves", leafIndex + 1);
  const size = leafIndex < width(nodes) ? nodes.length : 2 * nodes.length + 1;
  const wide = Array.from({ length: size }, (_, index) => nodes[index]);
  for (const index of directPathOf(wide, leafIndex)) {
    const node = wide[index];
    if (node?.kind !== "parent") continue;
    wide[index] = { ...node, unmergedLeaves: [...node.unmergedLeaves, leafIndex].sort((a, b) => a - b) };
  }
  wide[nodeOfLeaf(leafIndex)] = { kind: "leaf", ...leaf };
  return { nodes: wide, leafIndex };
}

/** A node's resolution: "an ordered list of non-blank nodes that collectively cover all non-blank descendants" (4.1.1). */
export function resolution(nodes: Nodes, index: number): readonly number[] {
  const node = nodes[index];
  if (node?.kind === "parent") return [index, ...node.unmergedLeaves.map(nodeOfLeaf)];
  if (node !== undefined) return [index];
  return isLeaf(toNodeIndex(index)) ? [] : childrenOf(index).flatMap((child) => resolution(nodes, child));
}

/** One step of a filtered direct path: a node, its child off the path, and that child's resolution. */
export interface PathStep {
  readonly index: number;
  readonly copathChild: number;
  readonly resolution: readonly number[];
}

/** "the node's direct path, with any node removed whose child on the copath … has an empty resolution" (RFC 9420, 4.1.2). */
export function filteredDirectPath(nodes: Nodes, leafIndex: number): readonly PathStep[] {
  const path = [nodeOfLeaf(leafIndex), ...directPathOf(nodes, leafIndex)];
  return path.slice(1).flatMap((index, below) => {
    const copathChild = sibling(toNodeIndex(path[below] ?? 0), width(nodes));
    const covered = resolution(nodes, copathChild);
    return covered.length === 0 ? [] : [{ index, copathChild, resolution: covered }];
  });
}

/** Whether the leaf lies below that node. */
export function isBelow(nodes: Nodes, leafIndex: number, ancestor: number): boolean {
  return directPathOf(nodes, leafIndex).includes(ancestor);
}

/** The tree with one node changed. */
export function withNode(nodes: Nodes, index: number, node: Node | undefined): Nodes {
  return nodes.with(index, node);
}

/** The tree with those nodes blank. */
export function withBlank(nodes: Nodes, indices: readonly number[]): Nodes {
  const copy = Array.from(nodes);
  for (const index of indices) copy[index] = undefined;
  return copy;
}

/** The tree of a ratchet_tree vector, made full. Throws MlsError "badTree" for a vector that no tree is sent as, "tooLarge". */
export function fromWire(nodes: Nodes): Nodes {
  ensureWithin("leaves", (nodes.length + 1) / 2);
  // "The receiver … MUST check that the last node in ratchet_tree is non-blank" (RFC 9420, 12.4.3.3)
  if (nodes.at(-1) === undefined) throw new MlsError("badTree", "a tree that is empty or ends in a blank node");
  nodes.forEach((node, index) => {
    const fits = node === undefined || (node.kind === "leaf") === isLeaf(toNodeIndex(index));
    if (!fits) throw new MlsError("badTree", `node ${index} is not of the kind that stands there`);
  });
  let size = 1;
  while (size < nodes.length) size = 2 * size + 1;
  return [...nodes, ...Array<undefined>(size - nodes.length)];
}

/** The ratchet_tree vector of a tree: "the sender MUST NOT include blank nodes after the last non-blank node". */
export function toWire(nodes: Nodes): Nodes {
  return nodes.slice(0, nodes.findLastIndex((node) => node !== undefined) + 1);
}

function firstBlankLeaf(nodes: Nodes): number {
  for (let leafIndex = 0; leafIndex < width(nodes); leafIndex++) {
    if (leafAt(nodes, leafIndex) === undefined) return leafIndex;
  }
  return width(nodes);
}

/** "while the right subtree has no non-blank nodes, drop it" (RFC 9420, 7.8); a tree without leaves is empty. */
function truncate(nodes: Nodes): Nodes {
  const used = toWire(nodes);
  return used.length === 0 ? [] : fromWire(used);
}
