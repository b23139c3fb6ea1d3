import type { Problem } from "../worker/engine-api.js";

/** Why a call to a room came to nothing; `problem.code` is stable, `message` is for developers. */
export class RoomError extends Error {
  override readonly name = "RoomError";

  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.code);
  }
}

/** Whatever went wrong, as a state tells it. */
export function toProblem(error: unknown): Problem {
  if (error instanceof RoomError) return error.problem;
  return { code: "internal", detail: error instanceof Error ? error.message : String(error), retry: false };
}
