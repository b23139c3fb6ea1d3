import type { CommitView, Member, ProposalView } from "../../codec/group-view.js";
import { accepts } from "../acceptance.js";
import { all, allow, type Decision, deny, every } from "../decision.js";
import type { RoomState } from "../room-state.js";
import { mayEnter } from "./admit.js";

/** Whether `joiner` may come in by this External Commit (framework draft, 5.4). */
export function mayJoin(room: RoomState, joiner: Member, commit: CommitView): Decision {
  const inits = commit.proposals.filter(({ kind }) => kind === "externalInit");
  return all(
    () => mayEnter(room, joiner.userUri, "5.4", [joiner]),
    () => (accepts(joiner.acceptance, room.policy).allowed ? allow : deny("5.4/not-accepted")),
    // an External Commit has exactly one ExternalInit (RFC 9420, 12.4.3.2)
    () => (inits.length === 1 ? allow : deny("5.4/external-init")),
    () => every(commit.proposals, fitsExternalCommit),
  );
}

/**
 * An External Commit brings nothing but ExternalInit, PreSharedKey and Removes of the joiner's own (RFC 9420, 12.4.3.2),
 * and the pending SelfRemoves, which every external joiner includes (mls-extensions).
 */
function fitsExternalCommit({ kind, sender }: ProposalView): Decision {
  const own = kind === "externalInit" || kind === "remove" || kind === "psk";
  return kind === "selfRemove" || (own && sender.kind === "newMemberCommit") ? allow : deny("5.4/proposal");
}
