import type { FetchKeyPackages } from "../action.js";
import { allow, type Decision, deny } from "../decision.js";
import { listedRole, type RoomState } from "../room-state.js";

/** Whether the target's provider may give `requester` KeyPackages of `target`, to be used in this room (framework draft, 5.3). */
export function mayFetchKeyPackages(
  room: RoomState,
  { requester, target, consent, handedOver, providerAllowance }: Omit<FetchKeyPackages, "kind">,
): Decision {
  // "the ban is checked first in every rule" (resolutions)
  if (listedRole(room, requester) === "banned") return deny("5.3/banned");

  // "if the requester represents the same user as the target KeyPackage"
  if (requester === target) return allow;

  // "This check does not apply if the target explicitly provided a KeyPackage to the requester"
  if (handedOver) return allow;

  // "Bob can remove his consent at any time" (3), and no allowance stands in its place
  if (consent === "declined") return deny("5.3/declined");

  // "if the target user consented for the requester to access their KeyPackages (for this specific room or for all rooms)"
  if (consent !== "none") return allow;

  // "a small number of outstanding KeyPackages (ex: 3) at a time as allowed by the target provider's policy"
  return providerAllowance > 0 ? allow : deny("5.3/no-consent");
}
