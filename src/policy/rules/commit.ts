import { equalBytes } from "../../codec/bytes.js";
import { unlessMalformed } from "../../codec/codec-error.js";
import type { CommitView, Member } from "../../codec/group-view.js";
import { roomPolicy } from "../../codec/room-policy.js";
import { decode } from "../../codec/tls.js";
import { all, allow, type Decision, deny, every } from "../decision.js";
import { excludedBy } from "../excluded-by.js";
import type { RoomState } from "../room-state.js";
import { rosterOf } from "../roster.js";
import { holdsAfter } from "./after-state.js";
import { mayJoin } from "./join.js";
import { isOwnRemoval, isRemoval, mayAllLeave } from "./leave.js";
import { isSenderBanned, mayPropose, mayRenew } from "./propose.js";
import { isSystemSender } from "./remove.js";

/**
 * Whether a staged commit may be kept: its sender, each proposal under its own sender, what the proposals are together,
 * and the group that they make. `room` is the room before the commit.
 */
export function mayCommit(room: RoomState, commit: CommitView): Decision {
  return all(
    () => mayCommitAs(room, commit),
    () => every(commit.proposals, (proposal) => mayPropose(room, proposal)),
    () => {
      const after = roomAfter(room, commit);
      if (after === undefined) return deny("valid/malformed");
      return all(
        () => removesAllClients(room, commit, after),
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
        () => (committer === undefined ? allow : mayRenew(room, member, committer)),
      );
    }
    case "newMemberCommit":
      return mayJoin(room, commit.sender.member, commit);
    default:
      return deny("5.4/sender");
  }
}

/**
 * "for any client being removed, all their clients are being removed at the same time" (framework draft, 5.7), but those that a
 * new policy has no place for: a policy change must "remove clients incompatible with the new policy" (5.11), and no others.
 */
function removesAllClients(room: RoomState, { proposals }: CommitView, after: RoomState): Decision {
  const removals = proposals.filter(isRemoval);
  // one's own clients may go one by one, and so may those that a system user removes
  const ofOthers = removals.filter((removal) => !isSystemSender(room, removal.sender) && !isOwnRemoval(removal));
  if (ofOthers.length === 0) return allow;
  const [gone, taken] = [leavesOf(removals), leavesOf(ofOthers)];
  const rest = room.members.filter(({ leafIndex }) => !gone.has(leafIndex) || taken.has(leafIndex));
  const clients = rosterOf(rest);
  const divided = ofOthers.filter(({ removed: { userUri } }) =>
    clients.get(userUri)?.some(({ leafIndex }) => !taken.has(leafIndex)),
  );
  if (divided.length === 0) return allow;
  // a policy that stays is the same memory, and excludes nobody
  if (after.policy === room.policy) return deny("5.7/all-clients");
  const out = excludedBy({ ...room, members: rest }, after.policy, undefined, after.extensions);
  const excluded = leavesOf(out.map((removed) => ({ removed })));
  return every(divided, ({ removed: { userUri } }) =>
    clients.get(userUri)?.every(({ leafIndex }) => taken.has(leafIndex) === excluded.has(leafIndex))
      ? allow
      : deny("5.7/all-clients"),
  );
}

function leavesOf(removals: readonly { readonly removed: Member }[]): ReadonlySet<number> {
  return new Set(removals.map(({ removed }) => removed.leafIndex));
}

/** The room that the commit makes; undefined when its policy is malformed. */
function roomAfter(room: RoomState, { before, after }: CommitView): RoomState | undefined {
  const policy = equalBytes(before.roomPolicy, after.roomPolicy)
    ? room.policy
    : unlessMalformed(() => decode(roomPolicy, after.roomPolicy));
  return policy === undefined ? undefined : { ...room, policy, members: after.members, extensions: after.extensions };
}
