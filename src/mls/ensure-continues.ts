import { equalBytes } from "../codec/bytes.js";
import { encode } from "../codec/tls.js";
import type { AuthenticationService } from "./authentication-service.js";
import type { Group } from "./group.js";
import { ensure, MlsError } from "./mls-error.js";
import type { PublicState } from "./public-state.js";
import { leaves, type Nodes } from "./tree/nodes.js";
import { type Extension, extensions as extensionList } from "./wire/extension.js";
import type { LeafNode } from "./wire/leaf-node.js";
import type { PreSharedKeyId } from "./wire/pre-shared-key.js";

/**
 * "If … a PreSharedKeyID with usage reinit or branch": the new group is in epoch 1 and what the old one agreed on, or of its version
 * and cipher suite and with members of it only (RFC 9420, 11.2, 11.3 and 12.4.3.1). Throws MlsError "invalidWelcome".
 */
export function ensureContinues(
  authentication: AuthenticationService,
  { context: begun, nodes }: PublicState,
  psks: readonly PreSharedKeyId[],
  former: Group | undefined,
): void {
  const usages = psks.flatMap((psk) => (psk.kind === "resumption" && psk.usage !== "application" ? [psk] : []));
  const [continued, ...more] = usages;
  if (continued === undefined) return;
  ensure(more.length === 0 && begun.epoch === 1n, "invalidWelcome", "a group that continues others, or late");
  if (former === undefined || !equalBytes(former.groupId, continued.pskGroupId)) {
    throw new MlsError("invalidWelcome", "a group that continues one that this client was not in");
  }
  const { context, reInit } = former;
  if (continued.usage === "branch") {
    const same = begun.version === context.version && begun.cipherSuite === context.cipherSuite;
    ensure(same, "invalidWelcome", "a branch of another version or cipher suite");
    // "Each LeafNode in a new subgroup MUST match some LeafNode in the original group" (11.3)
    const ours = leaves(nodes).every(hasMatch(authentication, former.nodes, (leaf, member) => [member, leaf]));
    ensure(ours, "invalidWelcome", "a branch with somebody who was not in the group");
    return;
  }
  const agreed =
    reInit !== undefined &&
    // "the epoch field indicates the epoch after the Commit covering the ReInit" (11.2)
    continued.pskEpoch === former.epoch &&
    begun.version === reInit.version &&
    begun.cipherSuite === reInit.cipherSuite &&
    equalBytes(begun.groupId, reInit.groupId) &&
    equalBytes(octetsOf(begun.extensions), octetsOf(reInit.extensions));
  ensure(agreed, "invalidWelcome", "another group than the ReInit agreed on");
  // "verify that all the members of the old group are also members of the new group" (12.4.3.1)
  const whole = leaves(former.nodes).every(hasMatch(authentication, nodes, (member, leaf) => [member, leaf]));
  ensure(whole, "invalidWelcome", "a group that leaves out somebody of the one that it continues");
}

/** Whether a leaf has its like in a tree; `inOrder`: which of the two is the successor. The like is the same client's, as a rule. */
function hasMatch(
  authentication: AuthenticationService,
  tree: Nodes,
  inOrder: (leaf: LeafNode, other: LeafNode) => [LeafNode, LeafNode],
): (entry: { readonly leaf: LeafNode }) => boolean {
  const others = leaves(tree).map(({ leaf }) => leaf);
  const byClient = new Map(others.map((leaf) => [authentication.clientOf(leaf), leaf]));
  return ({ leaf }) => {
    const same = byClient.get(authentication.clientOf(leaf));
    if (same !== undefined && authentication.isSuccessor(...inOrder(leaf, same))) return true;
    return others.some((other) => authentication.isSuccessor(...inOrder(leaf, other)));
  };
}

function octetsOf(list: readonly Extension[]): Uint8Array {
  return encode(extensionList, list);
}
