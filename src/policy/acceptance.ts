import type { Acceptance } from "../codec/leaf-extensions.js";
import type { RoomPolicy } from "../codec/room-policy.js";
import { allow, type Decision, deny } from "./decision.js";

/**
 * Whether somebody who accepts this of a room takes part in one of this policy: "if the client's policies are compatible with the
 * policy of the room" (framework draft, 5.6); `undefined` accepts everything.
 */
export function accepts(acceptance: Acceptance | undefined, policy: RoomPolicy): Decision {
  if (acceptance === undefined) return allow;
  if (!acceptance.logging && policy.loggingPolicy.enabled) return deny("self/logging");
  if (!acceptance.history && policy.historySharing.historySharing !== "forbidden") return deny("self/history");
  // "Users could set policies to reject or leave groups with bots rights that are inconsistent with the user's privacy goals" (7.4.4)
  if (!acceptance.bots && policy.allowedBots.length > 0) return deny("self/bots");
  const reporting = policy.deliveryNotifications === "required" || policy.readReceipts === "required";
  if (!acceptance.receipts && reporting) return deny("self/receipts");
  return !acceptance.pseudonyms && policy.pseudonymousIds ? deny("self/pseudonyms") : allow;
}
