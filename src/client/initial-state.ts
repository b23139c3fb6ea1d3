import type { RoomState } from "../worker/engine-api.js";

/** The state of a room of which nothing is known yet. */
export function initialState(provider: string, room: string): RoomState {
  return { phase: "loading", connection: "connecting", room, provider, occupants: [] };
}
