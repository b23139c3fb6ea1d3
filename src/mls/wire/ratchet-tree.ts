import { enumeration, type Infer, opaque, optional, struct, uint32, variant, vector } from "../../codec/tls.js";
import { leafNode } from "./leaf-node.js";

/** `struct { HPKEPublicKey encryption_key; opaque parent_hash<V>; uint32 unmerged_leaves<V>; } ParentNode` (RFC 9420, 7.1) */
export const parentNode = struct({ encryptionKey: opaque, parentHash: opaque, unmergedLeaves: vector(uint32) });

export const nodeType = enumeration("NodeType", { leaf: 1, parent: 2 });

/** `struct { NodeType node_type; select (Node.node_type) { case leaf: LeafNode; case parent: ParentNode; }; } Node` (12.4.3.3) */
export const node = variant(nodeType, { leaf: leafNode, parent: parentNode });
export type Node = Infer<typeof node>;
export type LeafNodeOfTree = Extract<Node, { readonly kind: "leaf" }>;
export type ParentNodeOfTree = Extract<Node, { readonly kind: "parent" }>;

/** `optional<Node> ratchet_tree<V>`: the nodes by their index, without blanks after the last that is none. */
export const ratchetTree = vector(optional(node));
