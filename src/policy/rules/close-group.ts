import { allow, type Decision, deny } from "../decision.js";
import type { RoomState } from "../room-state.js";

/** Whether `client`, or the hub itself, may delete the group (framework draft, 5.9). */
export function mayCloseGroup(room: RoomState, client: string): Decision {
  // "the last member, or the hub's system user" (resolutions)
  if (client === room.hub) return allow;

  // "A client can only destroy an MLS group if the client is the last member of the MLS group"
  const [last, ...others] = room.members;
  return last?.clientUri === client && others.length === 0 ? allow : deny("5.9/not-last");
}
