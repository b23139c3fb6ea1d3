import { encode, type Infer, opaque, struct, uint16 } from "../../codec/tls.js";
import { extensions } from "./extension.js";
import { leafNode } from "./leaf-node.js";

const content = { version: uint16, cipherSuite: uint16, initKey: opaque, leafNode, extensions };

const keyPackageTBS = struct(content);

/**
 *     struct {
 *       ProtocolVersion version;
 *       CipherSuite cipher_suite;
 *       HPKEPublicKey init_key;
 *       LeafNode leaf_node;
 *       Extension extensions<V>;
 *       opaque signature<V>;                     // SignWithLabel(., "KeyPackageTBS", KeyPackageTBS)
 *     } KeyPackage;                              // RFC 9420, 10
 */
export const keyPackage = struct({ ...content, signature: opaque });
export type KeyPackage = Infer<typeof keyPackage>;

/** KeyPackageTBS (RFC 9420, 10): what the leaf's signature key signs. */
export function encodeKeyPackageTBS(unsigned: Infer<typeof keyPackageTBS>): Uint8Array<ArrayBuffer> {
  return encode(keyPackageTBS, unsigned);
}
