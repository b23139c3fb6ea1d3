import { equalBytes } from "../../codec/bytes.js";
import { encode, opaque, struct } from "../../codec/tls.js";
import type { Crypto } from "../crypto.js";
import { ensure } from "../mls-error.js";
import type { Node, ParentNodeOfTree } from "../wire/ratchet-tree.js";
import { childrenOf, isBelow, type Nodes, resolution } from "./nodes.js";
import { originalTreeHash } from "./tree-hash.js";

/** `struct { HPKEPublicKey encryption_key; opaque parent_hash<V>; opaque original_sibling_tree_hash<V>; } ParentHashInput` (RFC 9420, 7.9) */
const parentHashInput = struct({ encryptionKey: opaque, parentHash: opaque, originalSiblingTreeHash: opaque });

/** The parent hash of a node with respect to its child off the path, whose original tree hash is given (RFC 9420, 7.9). */
export function parentHash(
  crypto: Crypto,
  parent: { readonly encryptionKey: Uint8Array; readonly parentHash: Uint8Array },
  originalSiblingTreeHash: Uint8Array,
): Promise<Uint8Array> {
  const { encryptionKey, parentHash } = parent;
  return crypto.hash.digest(encode(parentHashInput, { encryptionKey, parentHash, originalSiblingTreeHash }));
}

/**
 * Checks that "every non-blank parent node is parent-hash valid" (RFC 9420, 7.9.2). Throws MlsError "badTree".
 */
export async function verifyParentHashes(crypto: Crypto, nodes: Nodes): Promise<void> {
  for (const [index, node] of nodes.entries()) {
    if (node?.kind !== "parent") continue;
    const [left, right] = childrenOf(index);
    const valid =
      (await isCovered(crypto, nodes, node, left, right)) || (await isCovered(crypto, nodes, node, right, left));
    ensure(valid, "badTree", `node ${index} is not parent-hash valid`);
  }
}

/**
 * "there exists … a non-blank node D in the resolution of C" with D.parent_hash = the parent hash of P with copath child
 * S, where "the intersection of P's unmerged_leaves with the subtree under C is equal to the resolution of C with D removed".
 */
async function isCovered(
  crypto: Crypto,
  nodes: Nodes,
  parent: ParentNodeOfTree,
  child: number,
  sibling: number,
): Promise<boolean> {
  const covering = resolution(nodes, child);
  const stated = covering.map((position) => statedParentHash(nodes[position]));
  if (stated.every((hash) => hash === undefined)) return false;
  const expected = await parentHash(
    crypto,
    parent,
    await originalTreeHash(crypto, nodes, sibling, parent.unmergedLeaves),
  );
  const found = stated.findIndex((hash) => hash !== undefined && equalBytes(hash, expected));
  if (found < 0) return false;
  const others = covering.filter((_, position) => position !== found).sort((a, b) => a - b);
  const unmerged = parent.unmergedLeaves.filter((leaf) => 2 * leaf === child || isBelow(nodes, leaf, child));
  return others.length === unmerged.length && unmerged.every((leaf, position) => 2 * leaf === others[position]);
}

function statedParentHash(node: Node | undefined): Uint8Array | undefined {
  if (node?.kind === "parent") return node.parentHash;
  return node?.source.kind === "commit" ? node.source.parentHash : undefined;
}
