import { concat } from "../../codec/bytes.js";
import {
  encode,
  enumeration,
  type Infer,
  opaque,
  struct,
  uint16,
  uint32,
  uint64,
  variant,
  vector,
} from "../../codec/tls.js";
import { basicCredential } from "./credential.js";
import { extensions } from "./extension.js";

/**
 *     struct {
 *       ProtocolVersion versions<V>;
 *       CipherSuite cipher_suites<V>;
 *       ExtensionType extensions<V>;
 *       ProposalType proposals<V>;
 *       CredentialType credentials<V>;
 *     } Capabilities;                            // RFC 9420, 7.2
 */
export const capabilities = struct({
  versions: vector(uint16),
  cipherSuites: vector(uint16),
  extensions: vector(uint16),
  proposals: vector(uint16),
  credentials: vector(uint16),
});
export type Capabilities = Infer<typeof capabilities>;

/** `enum { reserved(0), key_package(1), update(2), commit(3) } LeafNodeSource` and what the source brings with it. */
const source = variant(enumeration("LeafNodeSource", { keyPackage: 1, update: 2, commit: 3 }), {
  keyPackage: struct({ notBefore: uint64, notAfter: uint64 }),
  update: struct({}),
  commit: struct({ parentHash: opaque }),
});

const content = {
  encryptionKey: opaque,
  signatureKey: opaque,
  credential: basicCredential,
  capabilities,
  source,
  extensions,
};

/**
 *     struct {
 *       HPKEPublicKey encryption_key;
 *       SignaturePublicKey signature_key;
 *       Credential credential;
 *       Capabilities capabilities;
 *       LeafNodeSource leaf_node_source;
 *       select (LeafNode.leaf_node_source) {
 *         case key_package: Lifetime lifetime;
 *         case update:      struct{};
 *         case commit:      opaque parent_hash<V>;
 *       };
 *       Extension extensions<V>;
 *       opaque signature<V>;                     // SignWithLabel(., "LeafNodeTBS", LeafNodeTBS)
 *     } LeafNode;                                // RFC 9420, 7.2
 */
export const leafNode = struct({ ...content, signature: opaque });
export type LeafNode = Infer<typeof leafNode>;

const unsignedLeafNode = struct(content);
export type UnsignedLeafNode = Infer<typeof unsignedLeafNode>;

const position = struct({ groupId: opaque, leafIndex: uint32 });

/** LeafNodeTBS (RFC 9420, 7.2): "case update / commit: opaque group_id<V>; uint32 leaf_index". */
export function encodeLeafNodeTBS(leaf: UnsignedLeafNode, at: Infer<typeof position>): Uint8Array<ArrayBuffer> {
  const octets = encode(unsignedLeafNode, leaf);
  return leaf.source.kind === "keyPackage" ? octets : concat(octets, encode(position, at));
}
