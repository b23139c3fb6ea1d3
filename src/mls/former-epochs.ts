import { ensure } from "./mls-error.js";
import type { SecretTree } from "./secret-tree.js";
import type { Nodes } from "./tree/nodes.js";
import type { GroupContext } from "./wire/group-context.js";

/** More former epochs than that nobody keeps. */
const MOST_FORMER_EPOCHS = 16;

/** What a message of an epoch is opened with, and nothing by which one could follow or speak: for epochs that are over. */
export interface ReadableEpoch {
  readonly context: GroupContext;
  /** Its leaves. Of an epoch that is over the parents are not kept. */
  readonly nodes: Nodes;
  readonly senderDataSecret: Uint8Array;
  readonly secretTree: SecretTree;
}

/** How many former epochs a member keeps, and those that it has, latest last. */
export interface FormerEpochs {
  readonly retains: number;
  readonly former: readonly ReadableEpoch[];
}

/** A member that keeps nothing of an epoch that is over. */
export const NO_FORMER_EPOCHS: FormerEpochs = { retains: 0, former: [] };

/**
 * The group, from now on with the keys that nobody used yet of its last `epochs` epochs (0 to 16), so that messages that come late can be opened.
 * By default none is kept: for so long whoever reads the state reads what was not received yet, and "clients … delete" (RFC
 * 9420, 9.2) is put off. Throws MlsError "unsupported" for another number.
 */
export function retainEpochs<G extends FormerEpochs>(group: G, epochs: number): G {
  const isGood = Number.isInteger(epochs) && epochs >= 0 && epochs <= MOST_FORMER_EPOCHS;
  ensure(isGood, "unsupported", `${epochs} former epochs`);
  return { ...group, retains: epochs, former: latest(group.former, epochs) };
}

/** What is kept when the epoch that `over` is in ends. */
export function keepFormer(retains: number, former: readonly ReadableEpoch[], over: ReadableEpoch): FormerEpochs {
  if (retains === 0) return NO_FORMER_EPOCHS;
  const nodes = over.nodes.map((node) => (node?.kind === "leaf" ? node : undefined));
  return { retains, former: latest([...former, { ...over, nodes }], retains) };
}

function latest(former: readonly ReadableEpoch[], count: number): readonly ReadableEpoch[] {
  return former.slice(former.length - Math.min(count, former.length));
}
