import type { Problem } from "../worker/engine-api.js";

/** Why a call to a room came to nothing; `problem.code` is stable, `message` is for developers. */
export class RoomError extends Error {
  override readonly name = "RoomError";

  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.code);
  }
}
