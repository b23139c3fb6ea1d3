import type { Extension } from "./wire/extension.js";
import type { LeafNode, UnsignedLeafNode } from "./wire/leaf-node.js";

/**
 * Who stands behind a leaf: the Authentication Service of RFC 9420, 5.3.1, as its application defines it, and what kind of
 * groups it is for. A group layer that has one knows nothing else of its application.
 */
export interface AuthenticationService {
  /** Checks the credential of a leaf whose signature was checked. Rejects with MlsError "badLeaf", "badBinding". */
  validate(leaf: LeafNode): Promise<void>;
  /** What no two leaves of a group share. Throws MlsError "badLeaf". */
  clientOf(leaf: UnsignedLeafNode): string;
  /** Whether `successor` may stand where `leaf` stood: "a valid successor to the old one" (RFC 9420, 5.3.1). */
  isSuccessor(leaf: UnsignedLeafNode, successor: UnsignedLeafNode): boolean;
  /** Whether who joins with `joiner` may take `leaf` out in the same commit (RFC 9420, 12.4.3.2). */
  mayReplace(leaf: UnsignedLeafNode, joiner: UnsignedLeafNode): boolean;
  /** Whether a GroupContext with these extensions is of the application's groups. */
  acceptsContext(extensions: readonly Extension[]): boolean;
}
