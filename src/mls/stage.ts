import type { CommitView, Member, ProposalView } from "../codec/group-view.js";
import type { Crypto } from "./crypto.js";
import type { Group } from "./group.js";
import { processMessage } from "./process-message.js";
import { memberAt, viewCommit, viewProposal } from "./room-view.js";

/** A received message, checked and not yet kept: policy judges it, and only then the caller replaces its group by `next`. */
export type Staged =
  /** `next` is undefined when the commit removes this member. */
  | {
      readonly kind: "commit";
      readonly view: CommitView;
      readonly authenticatedData: Uint8Array;
      readonly next: Group | undefined;
    }
  | { readonly kind: "proposal"; readonly proposal: ProposalView; readonly reference: Uint8Array }
  | {
      readonly kind: "application";
      readonly sender: Member;
      /** The epoch that it was said in: a former one when it came late, and such are kept. */
      readonly epoch: bigint;
      readonly content: Uint8Array;
      readonly authenticatedData: Uint8Array;
      readonly next: Group;
    };

/**
 * Processes a received MLSMessage of a room without changing anything. `pending` are the proposal messages of this epoch that were
 * staged before. Throws MlsError; the group is then what it was.
 */
export async function stage(
  crypto: Crypto,
  group: Group,
  message: Uint8Array,
  pending: readonly Uint8Array[],
): Promise<Staged> {
  const processed = await processMessage(crypto, group, message, { pending });
  switch (processed.kind) {
    case "commit": {
      const { checked, next } = processed;
      return { kind: "commit", view: viewCommit(checked), authenticatedData: checked.authenticatedData, next };
    }
    case "proposal": {
      const { received } = processed;
      return { kind: "proposal", proposal: viewProposal(group.nodes, received), reference: received.reference };
    }
    case "application": {
      const { leafIndex, nodes, ...rest } = processed;
      return { ...rest, sender: memberAt(nodes, leafIndex) };
    }
  }
}
