import { equalBytes } from "../../codec/bytes.js";
import { allInOrder } from "../all-in-order.js";
import { ensureBounded } from "../bounds.js";
import type { Crypto } from "../crypto.js";
import { ensure, parse } from "../mls-error.js";
import { hasNoDuplicates } from "../wire/extension.js";
import type { GroupContext } from "../wire/group-context.js";
import { ratchetTree } from "../wire/ratchet-tree.js";
import { validateLeaf } from "./leaf.js";
import { directPathOf, fromWire, isBelow, leafAt, leaves, type Nodes } from "./nodes.js";
import { verifyParentHashes } from "./parent-hash.js";
import { treeHash } from "./tree-hash.js";
import { ensureUnique } from "./unique.js";

/**
 * The tree in `bytes` (`optional<Node> ratchet_tree<V>`), after every check that "the new member MUST" make of it
 * (RFC 9420, 12.4.3.1), and the client binding of every leaf. Throws MlsError: "malformed", "badTree", or what a leaf
 * is refused for.
 */
export async function readTree(crypto: Crypto, bytes: Uint8Array, context: GroupContext): Promise<Nodes> {
  ensureBounded(context.extensions);
  ensure(hasNoDuplicates(context.extensions), "invalidGroupInfo", "a context with two extensions of one type");
  const nodes = fromWire(parse(ratchetTree, bytes));
  // "a one-member group … epoch 0" (RFC 9420, 11); asked first: hashing thousands of blank nodes is what anybody could order
  ensure(context.epoch > 0n || nodes.length === 1, "badTree", "a new group of more than one leaf");
  // "Verify that the tree hash of the ratchet tree matches the tree_hash field in GroupInfo"
  ensure(equalBytes(await treeHash(crypto, nodes), context.treeHash), "badTree", "a tree with another tree hash");
  ensure(
    crypto.authentication.acceptsContext(context.extensions),
    "invalidGroupInfo",
    "a context of another kind of group",
  );
  // every leaf must be readable before uniqueness can be judged
  const { groupId, extensions } = context;
  await allInOrder(
    leaves(nodes).map(({ leaf, leafIndex }) => validateLeaf(crypto, leaf, { groupId, leafIndex }, extensions)),
  );
  ensureUnique(crypto.authentication, nodes, "badTree");
  ensureUnmergedLeaves(nodes);
  // "For each non-blank parent node, verify that it is … parent-hash valid"
  await verifyParentHashes(crypto, nodes);
  return nodes;
}

/**
 * "For each non-empty parent node and each entry in the node's unmerged_leaves field: verify that the entry represents
 * a non-blank leaf node that is a descendant of the parent node; verify that every non-blank intermediate node between
 * the leaf node and the parent node contains an entry for the leaf node"
 */
function ensureUnmergedLeaves(nodes: Nodes): void {
  const lists = nodes.map((node) => (node?.kind === "parent" ? new Set(node.unmergedLeaves) : undefined));
  nodes.forEach((node, index) => {
    if (node?.kind !== "parent") return;
    node.unmergedLeaves.forEach((leafIndex, position) => {
      const sorted = position === 0 || (node.unmergedLeaves[position - 1] ?? 0) < leafIndex;
      const below = leafAt(nodes, leafIndex) !== undefined && isBelow(nodes, leafIndex, index);
      ensure(sorted && below, "badTree", `node ${index} lists ${leafIndex} as an unmerged leaf`);
      const path = directPathOf(nodes, leafIndex);
      const between = path.slice(0, path.indexOf(index));
      const listed = between.every((ancestor) => lists[ancestor]?.has(leafIndex) ?? true);
      ensure(listed, "badTree", `a node below ${index} does not list ${leafIndex} as an unmerged leaf`);
    });
  });
}
