import { forget } from "./forget.js";
import type { Group } from "./group.js";
import type { SecretTree } from "./secret-tree.js";

/**
 * Leaves zeros where the secrets of a group were, but for those that one of `kept` shares with it: of a state whose successor is on
 * disk by now, or that was made and not kept. Nothing can be done with it afterwards.
 */
export function forgetGroup(group: Group, ...kept: readonly Group[]): void {
  const needed = new Set(kept.flatMap(secretsOf));
  // one by one: a call takes fewer arguments than a group may have skipped keys
  for (const secret of secretsOf(group)) if (!needed.has(secret)) forget(secret);
}

function secretsOf({ keys, secretTree, privateKeys, updateKeys, resumptions, former }: Group): Uint8Array[] {
  return [
    ...Object.values(keys),
    ...treeSecrets(secretTree),
    ...privateKeys.values(),
    ...updateKeys.map(({ privateKey }) => privateKey),
    ...resumptions.map(({ secret }) => secret),
    ...former.flatMap((epoch) => [epoch.senderDataSecret, ...treeSecrets(epoch.secretTree)]),
  ];
}

function treeSecrets({ nodes, ratchets }: SecretTree): Uint8Array[] {
  const messageKeys = ratchets.flatMap(({ skipped }) => skipped.flatMap(({ key, nonce }) => [key, nonce]));
  return [...[...nodes, ...ratchets].map(({ secret }) => secret), ...messageKeys];
}
