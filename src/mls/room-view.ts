import type { CommitView, ExtensionView, GroupView, Member, ProposalView, SenderView } from "../codec/group-view.js";
import { EXTENSION } from "../codec/leaf-extensions.js";
import type { CheckedCommit } from "./evaluate-commit.js";
import { readMember } from "./leaf-identity.js";
import { MlsError } from "./mls-error.js";
import { memberIndex, type SentProposal } from "./proposals.js";
import type { PublicState } from "./public-state.js";
import { leafAt, leaves, type Nodes } from "./tree/nodes.js";
import { type Extension, extensionData } from "./wire/extension.js";
import type { ContentSender } from "./wire/framed-content.js";

/** A room's group as policy sees it. */
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

/** The member at a leaf. Throws MlsError "badLeaf" when there is none. */
export function memberAt(nodes: Nodes, leafIndex: number): Member {
  const leaf = leafAt(nodes, leafIndex);
  if (leaf === undefined) throw new MlsError("badLeaf", `leaf ${leafIndex} is blank or outside of the tree`);
  return readMember(leaf, leafIndex);
}

/** What policy judges of a commit. */
export function viewCommit({ before, sender, list, committer, after }: CheckedCommit): CommitView {
  const member = committer === undefined ? undefined : memberAt(after.nodes, committer);
  const by = viewSender(before.nodes, sender, member);
  return {
    sender: by,
    proposals: list.map((sent) => viewProposal(before.nodes, sent, by)),
    committer: member,
    before: viewState(before),
    after: viewState(after),
  };
}

/** A proposal as policy sees it; an inline one is its committer's. */
export function viewProposal(nodes: Nodes, sent: SentProposal, committer?: SenderView): ProposalView {
  const { proposal } = sent;
  const sender = sent.inline && committer !== undefined ? committer : viewSender(nodes, sent.sender, added(sent));
  switch (proposal.kind) {
    case "add":
      return { kind: "add", sender, added: readMember(proposal.keyPackage.leafNode, -1) };
    case "remove":
      return { kind: "remove", sender, removed: memberAt(nodes, proposal.removed) };
    case "selfRemove":
      return { kind: "selfRemove", sender, removed: memberAt(nodes, memberIndex(sent.sender)) };
    case "groupContextExtensions":
      return { kind: "groupContextExtensions", sender, extensions: viewExtensions(proposal.extensions) };
    case "update":
      return { kind: "update", sender, updated: readMember(proposal.leafNode, memberIndex(sent.sender)) };
    default:
      return { kind: proposal.kind, sender };
  }
}

/** Who a proposal adds: the sender of one that a newcomer makes. */
function added({ proposal }: SentProposal): Member | undefined {
  return proposal.kind === "add" ? readMember(proposal.keyPackage.leafNode, -1) : undefined;
}

function viewSender(nodes: Nodes, sender: ContentSender, newcomer: Member | undefined): SenderView {
  switch (sender.kind) {
    case "member":
      return { kind: "member", member: memberAt(nodes, sender.leafIndex) };
    case "external":
      return { kind: "external", senderIndex: sender.senderIndex };
    default:
      if (newcomer === undefined) throw new MlsError("invalidProposal", "a newcomer without a leaf");
      return { kind: sender.kind, member: newcomer };
  }
}

function viewExtensions(extensions: readonly Extension[]): readonly ExtensionView[] {
  return extensions.map(({ extensionType, extensionData }) => ({ type: extensionType, data: extensionData }));
}
