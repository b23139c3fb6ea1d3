import { equalBytes } from "../../codec/bytes.js";
import type { Member, SenderView } from "../../codec/group-view.js";
import { domainOf } from "../../codec/mimi-uri.js";
import { capabilitiesOf } from "../capabilities.js";
import { allow, type Decision, deny } from "../decision.js";
import { externalSenders } from "../group-extensions.js";
import { outranks } from "../roles.js";
import { type RoomState, roleOf } from "../room-state.js";

/** Whether `sender` may remove the client `removed` (framework draft, 5.7). That all clients go is the commit's matter. */
export function mayRemove(room: RoomState, sender: SenderView, removed: Member): Decision {
  switch (sender.kind) {
    case "member":
      return mayRemoveUser(room, { actor: sender.member.userUri, removed: removed.userUri });
    case "external":
      return maySystemRemove(room, externalSenders(room.extensions)[sender.senderIndex], removed.userUri);
    case "newMemberCommit":
      return mayResync(sender.member, removed);
    case "newMemberProposal":
      return deny("5.7/sender");
  }
}

/** Whether `sender` may take itself out (mls-extensions, SelfRemove): only its own leaf. */
export function maySelfRemove(sender: SenderView, removed: Member): Decision {
  return sender.kind === "member" && sender.member.leafIndex === removed.leafIndex ? allow : deny("5.7/sender");
}

/** Whether `actor` may remove every client of `removed` (framework draft, 5.7). */
export function mayRemoveUser(
  room: RoomState,
  { actor, removed }: { readonly actor: string; readonly removed: string },
): Decision {
  // "a user or the user's provider can remove some or all of its clients"
  if (actor === removed) return allow;

  if (roleOf(room, actor) === "system") return maySystemRemove(room, actor, removed);

  // "if the room is not fixed-membership, AND all the following"
  if (room.policy.membershipStyle === "fixed_membership") return deny("5.7/fixed-membership");

  // "the removing user is an admin or owner of the room"
  const role = roleOf(room, actor);
  if (!capabilitiesOf(room.policy, role).has("canKick")) return deny("5.7/not-a-moderator");

  // "an admin cannot remove an owner or system user … an owner cannot remove a system user"
  return outranks(roleOf(room, removed), role) ? deny("5.7/outranked") : allow;
}

/** Whether what `sender` sends is a system user's: its own kind of right, which no role among people gives or takes. */
export function isSystemSender(room: RoomState, sender: SenderView): boolean {
  return sender.kind === "external" || (sender.kind === "member" && roleOf(room, sender.member.userUri) === "system");
}

function maySystemRemove(room: RoomState, system: string | undefined, removed: string): Decision {
  // "the system role is used to authorize external proposals for operations for other users" (7.2)
  if (system === undefined || roleOf(room, system) !== "system") return deny("5.7/not-a-system-user");

  // "if the Remove Proposal was sent by the system user of the owning provider"; "… corresponding to the removed user's
  // provider"
  const domain = domainOf(system);
  return domain === domainOf(room.hub) || domain === domainOf(removed) ? allow : deny("5.7/not-its-provider");
}

/** A joiner may take out what it leaves behind: leaves of the same user *and* the same user key. */
function mayResync(joiner: Member, removed: Member): Decision {
  const same = joiner.userUri === removed.userUri && equalBytes(joiner.userKey, removed.userKey);
  return same ? allow : deny("5.4/remove-other");
}
