import type { Nodes } from "./tree/nodes.js";
import type { GroupContext } from "./wire/group-context.js";

/** What anybody may know of a group in one epoch, the hub included. Never changed. */
export interface PublicState {
  readonly context: GroupContext;
  readonly nodes: Nodes;
  /** The tag of the commit that began the epoch: it goes into the next transcript hash. */
  readonly confirmationTag: Uint8Array;
}
