import type { Member } from "../../codec/group-view.js";
import { allow, type Decision, deny } from "../decision.js";
import { botOf, isLogger, listedLoggers } from "../roles.js";
import { listedRole, type RoomState } from "../room-state.js";

/**
 * Whether the policy has a place in the group for this client, whoever brings it: "Whenever a logging device, bot, or
 * system-user is added to an MLS group, each receiver should verify this is both consistent with the overall room policy …"
 * (framework draft, 5.2). A system user needs no more than its entry, which is what makes it one.
 */
export function mayAttend(room: RoomState, client: Member): Decision {
  const { policy } = room;
  const { userUri, clientUri } = client;
  // "The can_read and can_write fields indicate if the chat bot is allowed to read messages" (7.4.4): whose client is in the
  // group reads them all
  if (botOf(policy, userUri)?.canRead === false) return deny("7.4.4/bot-reads");

  // "the list of logging_clients" (7.4.2) names clients: its user brings no others, unless it is listed itself
  if (!isLogger(policy, userUri) || listedRole(room, userUri, [client]) !== undefined) return allow;
  const named = listedLoggers(policy);
  return named.has(clientUri) || named.has(userUri) ? allow : deny("7.4.2/other-client");
}

/**
 * Whether `user`, with these clients, was inside as a bot, a logging client or a system user by the old policy, and stands nowhere
 * in the new: it does not become a person by being struck out.
 */
export function losesPlace(before: RoomState, after: RoomState, user: string, clients: readonly Member[]): boolean {
  const { policy } = before;
  const place = isLogger(policy, user) || botOf(policy, user) !== undefined || listedRole(before, user) === "system";
  return place && listedRole(after, user, clients) === undefined && !isLogger(after.policy, user);
}
