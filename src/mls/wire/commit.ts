import { enumeration, type Infer, opaque, optional, struct, variant, vector } from "../../codec/tls.js";
import { hpkeCiphertext } from "./hpke-ciphertext.js";
import { leafNode } from "./leaf-node.js";
import { proposal } from "./proposal.js";

/**
 *     struct { HPKEPublicKey encryption_key; HPKECiphertext encrypted_path_secret<V>; } UpdatePathNode;
 *     struct { LeafNode leaf_node; UpdatePathNode nodes<V>; } UpdatePath;      // RFC 9420, 7.6
 */
const updatePath = struct({
  leafNode,
  nodes: vector(struct({ encryptionKey: opaque, encryptedPathSecret: vector(hpkeCiphertext) })),
});
export type UpdatePath = Infer<typeof updatePath>;
export type UpdatePathNode = UpdatePath["nodes"][number];

/** `enum { reserved(0), proposal(1), reference(2) } ProposalOrRefType` */
const proposalOrRef = variant(enumeration("ProposalOrRefType", { proposal: 1, reference: 2 }), {
  proposal: struct({ proposal }),
  reference: struct({ reference: opaque }),
});
export type ProposalOrRef = Infer<typeof proposalOrRef>;

/** `struct { ProposalOrRef proposals<V>; optional<UpdatePath> path; } Commit` (RFC 9420, 12.4) */
export const commit = struct({ proposals: vector(proposalOrRef), path: optional(updatePath) });
