import { equalBytes } from "../../codec/bytes.js";
import { unlessMalformed } from "../../codec/codec-error.js";
import type { CommitView } from "../../codec/group-view.js";
import { roomPolicy } from "../../codec/room-policy.js";
import { decode } from "../../codec/tls.js";
import { all, allow, type Decision, deny, every } from "../decision.js";
import type { RoomState } from "../room-state.js";
import { rosterOf } from "../roster.js";
import { holdsAfter } from "./after-state.js";
import { mayJoin } from "./join.js";
import { isRemoval, mayAllLeave } from "./leave.js";
import { isSenderBanned, keepsIdentity, mayPropose } from "./propose.js";
import { isSystemSender } from "./remove.js";

/**
 * Whether a staged commit may be kept: its sender, each proposal under its own sender, what the proposals are together,
 * and the group that they make. `room` is the room before the commit.
 */
export function mayCommit(room: RoomState, commit: CommitView): Decision {
  return all(
    () => mayCommitAs(room, commit),
    () => every(commit.proposals, (proposal) => mayPropose(room, proposal)),
    () => removesAllClients(room, commit),
    () => {
      const after = roomAfter(room, commit);
      if (after === undefined) return deny("valid/malformed");
      return all(
        () => mayAllLeave(room, commit, after),
        () => holdsAfter(room, after, commit),
      );
    },
  );
}

function mayCommitAs(room: RoomState, commit: CommitView): Decision {
  switch (commit.sender.kind) {
    case "member": {
      const { member } = commit.sender;
      const { committer } = commit;
      return all(
        () => isSenderBanned(room, commit.sender),
        () => (committer === undefined ? allow : keepsIdentity(member, committer)),
      );
    }
    case "newMemberCommit":
      return mayJoin(room, commit.sender.member, commit);
    default:
      return deny("5.4/sender");
  }
}

/** "for any client being removed, all their clients are being removed at the same time" (framework draft, 5.7). */
function removesAllClients(room: RoomState, { proposals }: CommitView): Decision {
  const removals = proposals.filter(isRemoval);
  const gone = new Set(removals.map(({ removed }) => removed.leafIndex));
  return every(removals, ({ sender, removed: { userUri } }) => {
    // one's own clients may go one by one, and so may those that a system user removes
    if (isSystemSender(room, sender) || !("member" in sender) || sender.member.userUri === userUri) return allow;
    const stays = rosterOf(room.members)
      .get(userUri)
      ?.some(({ leafIndex }) => !gone.has(leafIndex));
    return stays ? deny("5.7/all-clients") : allow;
  });
}

/** The room that the commit makes; undefined when its policy is malformed. */
function roomAfter(room: RoomState, { before, after }: CommitView): RoomState | undefined {
  const policy = equalBytes(before.roomPolicy, after.roomPolicy)
    ? room.policy
    : unlessMalformed(() => decode(roomPolicy, after.roomPolicy));
  return policy === undefined ? undefined : { ...room, policy, members: after.members, extensions: after.extensions };
}
