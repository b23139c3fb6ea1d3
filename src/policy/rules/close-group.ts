import { allow, type Decision, deny } from "../decision.js";
import { listedRole, type RoomState } from "../room-state.js";

/** Whether `client`, or the hub itself, may delete the group (framework draft, 5.9). */
export function mayCloseGroup(room: RoomState, client: string): Decision {
  // "the last member, or the hub's system user" (resolutions)
  if (client === room.hub) return allow;

  // "A client can only destroy an MLS group if the client is the last member of the MLS group"
  const [last, ...others] = room.members;
  if (last?.clientUri !== client || others.length > 0) return deny("5.9/not-last");

  // "the ban is checked first in every rule" (resolutions)
  return listedRole(room, last.userUri) === "banned" ? deny("5.9/banned") : allow;
}
