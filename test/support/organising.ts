import type { Problem, TimelineEntry } from "../../src/worker/engine-api.js";
import type { Guest } from "./engine-world.js";

/** The user of a guest that is inside. */
export function uriOf({ engine }: Guest): string {
  return engine.state.me?.userUri ?? "";
}

/** Resolves when all of them see so many users inside. */
export async function inside(count: number, ...guests: readonly Guest[]): Promise<void> {
  await Promise.all(
    guests.map(({ told }) => told.until(`${count} are inside`, ({ state }) => state?.occupants.length === count)),
  );
}

/** What a guest's timeline says that was done to somebody, and by whom. */
export function deeds({ told }: Guest): string[] {
  return told.timeline.flatMap(({ content, sender }: TimelineEntry) => {
    if (content.kind === "removed") {
      return [`${content.by?.nickname} ${content.banned ? "banned" : "kicked"} ${sender.nickname}`];
    }
    if (content.kind !== "roleChanged") return content.kind === "left" ? [`${sender.nickname} left`] : [];
    return [`${content.by.nickname} made ${sender.nickname} ${content.to}, who was ${content.from}`];
  });
}

/** The problem that a call is refused with. */
export async function refusal(call: Promise<unknown>): Promise<Problem> {
  const error = await call.then(
    () => undefined,
    (refused: unknown) => refused,
  );
  return (error as { readonly problem: Problem }).problem;
}

/** The problem of a guest that was taken out, once it was. */
export async function gone({ told, engine }: Guest): Promise<Problem | undefined> {
  await told.until("it is out", ({ state }) => state?.phase === "left");
  return engine.state.problem;
}
