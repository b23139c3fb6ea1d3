import type { ExtensionView, GroupView, SenderView } from "../codec/group-view.js";
import { EXTENSION } from "../codec/leaf-extensions.js";
import { readMember } from "./leaf-identity.js";
import { ensure, MlsError } from "./mls-error.js";
import { leafAt, leaves, type Nodes } from "./tree/nodes.js";
import { type Extension, extensionData } from "./wire/extension.js";
import type { ContentSender } from "./wire/framed-content.js";
import type { GroupContext } from "./wire/group-context.js";

/** What anybody may know of a group in one epoch, the hub included. Never changed. */
export interface PublicState {
  readonly context: GroupContext;
  readonly nodes: Nodes;
  /** The tag of the commit that began the epoch: it goes into the next transcript hash. */
  readonly confirmationTag: Uint8Array;
}

/** The state as policy sees it. */
export function viewState({ context, nodes }: Pick<PublicState, "context" | "nodes">): GroupView {
  const { groupId, epoch, extensions } = context;
  return {
    groupId,
    epoch,
    roomPolicy: extensionData(extensions, EXTENSION.roomPolicy) ?? new Uint8Array(0),
    members: leaves(nodes).map(({ leaf, leafIndex }) => readMember(leaf, leafIndex)),
    extensions: viewExtensions(extensions),
  };
}

export function viewExtensions(extensions: readonly Extension[]): readonly ExtensionView[] {
  return extensions.map(({ extensionType, extensionData }) => ({ type: extensionType, data: extensionData }));
}

/** The member at a leaf. Throws MlsError "badLeaf" when there is none. */
export function memberAt(nodes: Nodes, leafIndex: number) {
  const leaf = leafAt(nodes, leafIndex);
  if (leaf === undefined) throw new MlsError("badLeaf", `leaf ${leafIndex} is blank or outside of the tree`);
  return readMember(leaf, leafIndex);
}

/** Who sent a proposal. Throws MlsError for one that is not in the group. */
export function viewProposer(nodes: Nodes, sender: ContentSender): SenderView {
  ensure(sender.kind === "member" || sender.kind === "external", "unsupported", "proposals of new members");
  if (sender.kind === "external") return { kind: "external", senderIndex: sender.senderIndex };
  return { kind: "member", member: memberAt(nodes, sender.leafIndex) };
}
