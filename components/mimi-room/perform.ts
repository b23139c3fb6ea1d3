import type { Problem } from "../../src/client/contract.js";
import { RoomError } from "../../src/client/room-error.js";
import type { Intent } from "../room-intent.js";
import type { RoomSource } from "../room-source.js";

/** Does in a room what its user wants. Resolves with the problem when it did not happen. */
export async function perform(
  room: RoomSource | undefined,
  intent: Exclude<Intent, { kind: "occupants" }>,
): Promise<Problem | undefined> {
  try {
    await act(room, intent);
    return undefined;
  } catch (error) {
    if (error instanceof RoomError) return error.problem;
    return { code: "internal", detail: error instanceof Error ? error.message : String(error), retry: false };
  }
}

async function act(room: RoomSource | undefined, intent: Exclude<Intent, { kind: "occupants" }>): Promise<void> {
  switch (intent.kind) {
    case "join":
      return room?.join(intent.nickname);
    case "send":
      await room?.send({ text: intent.text, format: "markdown" });
      return;
    case "retry":
      return room?.retry(intent.id);
    case "discard":
      return room?.discard(intent.id);
    case "leave":
      return room?.leave();
    case "reconnect":
      return room?.reconnect();
  }
}
