import { equalBytes } from "../../codec/bytes.js";
import type { Member, ProposalView, SenderView } from "../../codec/group-view.js";
import { userClaims } from "../../codec/leaf-extensions.js";
import { encode, optional } from "../../codec/tls.js";
import { accepts } from "../acceptance.js";
import { all, allow, type Decision, deny } from "../decision.js";
import { listedRole, type RoomState } from "../room-state.js";
import { mayAdd } from "./add.js";
import { mayChangePolicy } from "./change-policy.js";
import { isOwnRemoval, mayLeave } from "./leave.js";
import { mayRemove, maySelfRemove } from "./remove.js";

/** "In general bare proposals are authorized like a Commit from the proposer" (framework draft, 5). */
export function mayProposeAlone(room: RoomState, proposal: ProposalView): Decision {
  return all(
    () => mayPropose(room, proposal),
    () => (isOwnRemoval(proposal) ? mayLeave(room, proposal.removed) : allow),
  );
}

/** Whether a proposal may stand under its own sender; what a commit as a whole must hold is judged with the commit. */
export function mayPropose(room: RoomState, proposal: ProposalView): Decision {
  const { sender } = proposal;
  const banned = isSenderBanned(room, sender);
  if (!banned.allowed) return banned;
  switch (proposal.kind) {
    case "add":
      return mayAdd(room, sender, proposal.added);
    case "update":
      return mayUpdate(room, sender, proposal.updated);
    case "remove":
      return mayRemove(room, sender, proposal.removed);
    case "selfRemove":
      return maySelfRemove(sender, proposal.removed);
    case "groupContextExtensions":
      return mayChangePolicy(room, sender, proposal.extensions);
    case "externalInit":
      return sender.kind === "newMemberCommit" ? allow : deny("5.4/external-init");
    // "PSK - optional" (5.12): of members and joiners, for whom it can only add secrecy
    case "psk":
      return sender.kind === "member" || sender.kind === "newMemberCommit" ? allow : deny("5.12/psk");
    // "ReInit - need special rules": none are written, so nobody may
    case "reInit":
      return deny("5.12/reinit");
    case "unknown":
      return deny("5.12/unknown");
  }
}

/** A ban stands above every right; who is banned is out before anything else is asked. */
export function isSenderBanned(room: RoomState, sender: SenderView): Decision {
  if (sender.kind === "external") return allow;
  return listedRole(room, sender.member.userUri, [sender.member]) === "banned" ? deny("2.2/banned") : allow;
}

/**
 * Who a leaf belongs to never changes: the client URI, the user key and the claims stay; nickname and leaf key may change. Nor does
 * a leaf turn against the policy under which it came in. (Other claims may give or take a role: they come with another leaf, and
 * are judged like whoever comes in.)
 */
export function mayRenew(room: RoomState, before: Member, after: Member): Decision {
  const same = before.clientUri === after.clientUri && equalBytes(before.userKey, after.userKey);
  if (!same || !equalBytes(claimsOf(before), claimsOf(after))) return deny("identity/changed");
  return accepts(after.acceptance, room.policy).allowed ? allow : deny("5.12/not-accepted");
}

function claimsOf({ claims }: Member): Uint8Array {
  return encode(optional(userClaims), claims);
}

function mayUpdate(room: RoomState, sender: SenderView, updated: Member): Decision {
  if (sender.kind !== "member" || sender.member.leafIndex !== updated.leafIndex) return deny("5.12/update");
  return mayRenew(room, sender.member, updated);
}
