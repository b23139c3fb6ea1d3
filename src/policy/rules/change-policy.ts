import { equalBytes } from "../../codec/bytes.js";
import { unlessMalformed } from "../../codec/codec-error.js";
import type { ExtensionView, SenderView } from "../../codec/group-view.js";
import { EXTENSION } from "../../codec/leaf-extensions.js";
import { type RoomPolicy, roomPolicy } from "../../codec/room-policy.js";
import { decode, encode } from "../../codec/tls.js";
import { capabilitiesOf } from "../capabilities.js";
import { all, allow, type Decision, deny, every } from "../decision.js";
import { extensionOf, externalSenders, keepsRequirements, LASTING_EXTENSIONS } from "../group-extensions.js";
import { isFirm, listedLoggers, listedUsers } from "../roles.js";
import { listedRole, type RoomState, roleOf } from "../room-state.js";
import { rosterOf } from "../roster.js";
import { validatePolicy } from "../validate-policy.js";
import { changesMembershipOnly } from "./change-membership.js";

/** Whether `sender` may replace the group's extensions, and with them the policy (framework draft, 5.11). */
export function mayChangePolicy(room: RoomState, sender: SenderView, extensions: readonly ExtensionView[]): Decision {
  if (sender.kind !== "member") return deny("5.11/sender");

  // "An admin or owner can send a GroupContextExtensions proposal in the MLS group which changes the policy"
  const may = capabilitiesOf(room.policy, roleOf(room, sender.member.userUri));
  if (!may.has("canChangePreauthorizedUserList")) return deny("5.11/not-a-moderator");

  return all(
    () => keepsWhatLasts(room, extensions),
    () => {
      const [policy] = extensions.flatMap(({ type, data }) =>
        type === EXTENSION.roomPolicy ? (unlessMalformed(() => decode(roomPolicy, data)) ?? []) : [],
      );
      if (policy === undefined) return deny("valid/malformed");
      return all(
        () => validatePolicy(policy),
        () => keepsMembershipStyle(room.policy, policy),
        // "an owner may change everything. An admin may change only membership" (resolutions, 2.3 against 5.11)
        () => (may.has("canChangeOtherPolicyAttribute") ? allow : mayAdminChange(room, extensions, policy)),
      );
    },
  );
}

/** "GroupContextExtensions may not drop room_policy, required_capabilities or external_senders" (resolutions). */
function keepsWhatLasts(room: RoomState, extensions: readonly ExtensionView[]): Decision {
  if (new Set(extensions.map(({ type }) => type)).size < extensions.length) return deny("5.11/extension-twice");
  return all(
    () =>
      every(LASTING_EXTENSIONS, (type) =>
        extensionOf(extensions, type) === undefined ? deny("5.11/dropped-extension") : allow,
      ),
    () => (keepsRequirements(room.extensions, extensions) ? allow : deny("5.11/required-capabilities")),
    // the hub's system user must stay able to propose removals
    () => (externalSenders(extensions).includes(room.hub) ? allow : deny("5.11/hub-sender")),
  );
}

function keepsMembershipStyle(before: RoomPolicy, after: RoomPolicy): Decision {
  const fixed = (policy: RoomPolicy): boolean => policy.membershipStyle === "fixed_membership";

  // "a fixed-membership room cannot be changed to a flexible-membership room"; nor can its occupants: "the list of
  // occupants [is] specified when they are created" (4)
  if (fixed(before) !== fixed(after)) return deny("5.11/fixed-membership");
  if (fixed(before) && !sameOccupants(before, after)) return deny("5.11/fixed-membership");

  // whether the occupants are occupants of the parent cannot be judged yet
  const becomesChild = after.membershipStyle === "parent_dependent" && before.membershipStyle !== "parent_dependent";
  return becomesChild ? deny("5.11/parent-dependent") : allow;
}

function sameOccupants(before: RoomPolicy, after: RoomPolicy): boolean {
  const old = placesIn(before);
  const now = placesIn(after);
  return old.size === now.size && [...old].every(([uri, place]) => now.get(uri) === place);
}

/** Whom a policy lists, and as what: who is banned, or made a system user, is an occupant no more. */
function placesIn(policy: RoomPolicy): ReadonlyMap<string, "logger" | "occupant" | "system" | "banned"> {
  const places = new Map<string, "logger" | "occupant" | "system" | "banned">();
  for (const uri of listedLoggers(policy)) places.set(uri, "logger");
  for (const [user, role] of listedUsers(policy)) {
    places.set(user, role === "banned" || role === "system" ? role : "occupant");
  }
  return places;
}

function mayAdminChange(room: RoomState, extensions: readonly ExtensionView[], policy: RoomPolicy): Decision {
  const others = (list: readonly ExtensionView[]): readonly ExtensionView[] =>
    list.filter(({ type }) => type !== EXTENSION.roomPolicy);
  const same = others(extensions).every(({ type, data }) => {
    const old = extensionOf(room.extensions, type);
    return old !== undefined && equalBytes(old, data);
  });
  // "only an owner changes external_senders", and whatever else is not membership
  if (!same || extensions.length !== room.extensions.length) return deny("5.11/admin-membership-only");
  return all(
    () => changesMembershipOnly(room.policy, policy),
    () => every(rosterOf(room.members).keys(), (user) => mayAdminMove(room, { ...room, policy }, user)),
    () => (leavesOwnersRoom(room.policy, policy) ? allow : deny("5.11/too-long")),
  );
}

/** Octets of a policy that admins make no longer: half of what a GroupContext holds, so that an owner can always ban. */
const MAX_BY_ADMIN = 2 ** 16;

function leavesOwnersRoom(before: RoomPolicy, after: RoomPolicy): boolean {
  const { length } = encode(roomPolicy, after);
  return length <= MAX_BY_ADMIN || length <= encode(roomPolicy, before).length;
}

/** What an admin may not do to an owner's entry it may not do by another entry, which stands above a group's. */
function mayAdminMove(before: RoomState, after: RoomState, user: string): Decision {
  const [had, has] = [listedRole(before, user), listedRole(after, user)];
  if (had === has) return allow;
  return isFirm(had) || has === "owner" || has === "system" ? deny("5.11/outranked") : allow;
}
