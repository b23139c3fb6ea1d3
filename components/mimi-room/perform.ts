import type { OrganiserApi, Outcome, Problem } from "../../src/client/contract.js";
import { toProblem } from "../../src/client/room-error.js";
import type { Intent, ViewIntent } from "../room-intent.js";
import type { RoomSource } from "../room-source.js";
import type { UnsentMessages } from "./unsent.js";

/** Does in a room what its user wants. Resolves with the problem when it did not happen. */
export async function perform(
  room: RoomSource | undefined,
  intent: Exclude<Intent, ViewIntent>,
  unsent: UnsentMessages,
): Promise<Problem | undefined> {
  return troubleOf(act(room, intent, unsent));
}

/** Asks a room for its organiser. What goes wrong is in the answer: the tools have another copy of the error's class. */
export async function askRoom<Answer>(
  room: RoomSource | undefined,
  question: (room: OrganiserApi) => Promise<Answer>,
): Promise<Outcome<Answer>> {
  if (room === undefined) return { ok: false, problem: toProblem("There is no room.") };
  try {
    return { ok: true, value: await question(room) };
  } catch (error) {
    return { ok: false, problem: toProblem(error) };
  }
}

/** The problem that `deed` ran into, when it did. */
export async function troubleOf(deed: Promise<unknown>): Promise<Problem | undefined> {
  try {
    await deed;
    return undefined;
  } catch (error) {
    return toProblem(error);
  }
}

async function act(
  room: RoomSource | undefined,
  intent: Exclude<Intent, ViewIntent>,
  unsent: UnsentMessages,
): Promise<void> {
  switch (intent.kind) {
    case "join":
      return room?.join(intent.nickname);
    case "send":
      return room && unsent.send(room, intent.text);
    case "retry":
      return room?.retry(intent.id);
    case "discard":
      return room?.discard(intent.id);
    case "leave":
      return room?.leave();
    case "rename":
      return room?.rename(intent.name);
    case "accept":
      return room?.accept(intent.acceptance);
    case "reconnect":
      return room?.reconnect();
  }
}
