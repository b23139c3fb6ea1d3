import { forget } from "../mls/forget.js";
import { forgetGroup } from "../mls/forget-group.js";
import type { Memory } from "./memory.js";

/**
 * Leaves zeros where the secrets of `memory` were that none of `kept` has: once its successor is on disk, or when it was made on the
 * way to another. Whoever works on a seat while it may be replaced does so in a step.
 */
export function forgetMemory(memory: Memory, ...kept: readonly Memory[]): void {
  const group = memory.seat?.group;
  if (group) forgetGroup(group, ...kept.flatMap(({ seat }) => seat?.group ?? []));
  const needed = new Set(kept.flatMap(storedSecrets));
  for (const secret of storedSecrets(memory)) if (!needed.has(secret)) forget(secret);
}

/** The groups of own commits under way, encoded, and what opens Welcomes. */
function storedSecrets({ pending, keyPackages }: Memory): Uint8Array[] {
  return [...(pending ? [pending.next] : []), ...keyPackages.flatMap(({ initKey, leafKey }) => [initKey, leafKey])];
}
