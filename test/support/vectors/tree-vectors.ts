import { fromHex } from "../../../src/codec/bytes.js";
import { decode, encode } from "../../../src/codec/tls.js";
import { validateLeaf } from "../../../src/mls/tree/leaf.js";
import {
  addLeaf,
  fromWire,
  leaves,
  type Nodes,
  removeLeaf,
  replaceLeaf,
  resolution,
  toWire,
} from "../../../src/mls/tree/nodes.js";
import { verifyParentHashes } from "../../../src/mls/tree/parent-hash.js";
import { treeHash, treeHashes } from "../../../src/mls/tree/tree-hash.js";
import { type Proposal, proposal } from "../../../src/mls/wire/proposal.js";
import { ratchetTree } from "../../../src/mls/wire/ratchet-tree.js";
import { same, type VectorCheck, vectorCheck } from "./vector-check.js";
import { vectorCrypto as crypto } from "./vector-crypto.js";

/** Ratchet trees: their octets, hashes, resolutions and signatures, and what proposals make of them. */
export const treeVectorChecks: readonly VectorCheck[] = [
  vectorCheck<TreeValidation>("trees", "tree-validation.json", async (vector) => {
    const nodes = fromWire(decode(ratchetTree, fromHex(vector.tree)));
    same(encode(ratchetTree, toWire(nodes)), vector.tree, "tree");
    same(await treeHashes(crypto, nodes), vector.tree_hashes, "tree_hashes");
    const resolutions = nodes.map((_, index) => resolution(nodes, index));
    same(resolutions, vector.resolutions, "resolutions");
    await verifyParentHashes(crypto, nodes);
    const groupId = fromHex(vector.group_id);
    for (const { leaf, leafIndex } of leaves(nodes)) await validateLeaf(crypto, leaf, { groupId, leafIndex }, []);
  }),

  vectorCheck<TreeOperations>("the trees after Add, Update and Remove", "tree-operations.json", async (vector) => {
    const before = fromWire(decode(ratchetTree, fromHex(vector.tree_before)));
    same(await treeHash(crypto, before), vector.tree_hash_before, "tree_hash_before");
    const after = applied(before, decode(proposal, fromHex(vector.proposal)), vector.proposal_sender);
    same(encode(ratchetTree, toWire(after)), vector.tree_after, "tree_after");
    same(await treeHash(crypto, after, before), vector.tree_hash_after, "tree_hash_after");
  }),
];

function applied(nodes: Nodes, change: Proposal, sender: number): Nodes {
  switch (change.kind) {
    case "add":
      return addLeaf(nodes, change.keyPackage.leafNode).nodes;
    case "update":
      return replaceLeaf(nodes, sender, change.leafNode);
    case "remove":
      return removeLeaf(nodes, change.removed);
    default:
      throw new Error(`a ${change.kind} changes no tree`);
  }
}

interface TreeValidation {
  readonly tree: string;
  readonly group_id: string;
  readonly tree_hashes: readonly string[];
  readonly resolutions: readonly (readonly number[])[];
}

type TreeOperations = Record<
  "proposal" | "tree_before" | "tree_after" | "tree_hash_before" | "tree_hash_after",
  string
> & { readonly proposal_sender: number };
