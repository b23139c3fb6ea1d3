import type { Problem, RoomState } from "../../src/client/contract.js";

/** What an element knows beside the state of its room. */
interface Circumstances {
  /** What an action came to that did not do what it should. */
  readonly trouble: Problem | undefined;
  /** Whether there is no room, and none is on its way. */
  readonly nowhere: boolean;
}

/** The state with a reason, where a state needs one. */
export function stated(room: RoomState, { trouble, nowhere }: Circumstances): RoomState {
  if (room.problem !== undefined) return room;
  // A join may fail before the room itself has changed.
  if (room.phase === "preview" && trouble !== undefined) return { ...room, problem: trouble };
  if (room.phase === "notAllowed") return { ...room, problem: { code: "notAllowed", retry: false } };
  if (room.phase === "failed") return { ...room, problem: { code: "internal", retry: true } };
  if (!nowhere) return room;
  return { ...room, problem: { code: "invalidAddress", detail: "Set provider and room.", retry: false } };
}
