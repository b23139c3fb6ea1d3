import type { Staged } from "../../mls/stage.js";
import { authorize } from "../../policy/authorize.js";
import { demand } from "../engine-problem.js";
import type { Change, Memory, SeatedGroup } from "../memory.js";
import type { Incoming } from "./receive.js";

/** A room has no more clients that could leave in one epoch than this; what comes on top is void with the epoch. */
const MOST = 1_000;

/** A proposal that policy allows waits for its commit. Throws EngineProblem when it does not: it is not kept. */
export function receiveProposal(
  { proposals }: Memory,
  { room }: SeatedGroup,
  { proposal }: Extract<Staged, { kind: "proposal" }>,
  { message }: Incoming,
): Change {
  demand(authorize(room, { kind: "propose", proposal }));
  return proposals.length < MOST ? { proposals: [...proposals, message] } : {};
}
