import { capabilitiesOf } from "../capabilities.js";
import { allow, type Decision, deny } from "../decision.js";
import { botOf, isLogger } from "../roles.js";
import { isInside, listedRole, type RoomState, roleOf } from "../room-state.js";

/** Whether `user` may send an application message in this epoch (framework draft, 5.10). */
export function maySendMessage(room: RoomState, user: string): Decision {
  const { policy } = room;
  const role = roleOf(room, user);
  if (role === "banned") return deny("5.10/banned");

  // "Occupant: A user that has at least one client in the corresponding MLS group, and a role of owner, admin,
  // regular-user, or visitor" (2.1)
  if (!isInside(room, user) || role === "system") return deny("5.10/not-an-occupant");

  // "The can_read and can_write fields indicate if the chat bot is allowed to … send messages" (7.4.4)
  const bot = botOf(policy, user);
  if (bot !== undefined) return bot.canWrite ? allow : deny("5.10/no-voice");

  // a logging client is admitted without voice (resolutions, 7.4.2)
  if (isLogger(policy, user) && listedRole(room, user) === undefined) return deny("5.10/no-voice");

  // "the client's user is an occupant of an unmoderated room"; "a 'regular user' or moderator of a moderated room".
  // Granting a visitor voice makes it a regular_user.
  return capabilitiesOf(policy, role).has("canSendMessage") ? allow : deny("5.10/no-voice");
}
