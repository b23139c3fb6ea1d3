import { equalBytes } from "../../codec/bytes.js";
import { BOUNDS } from "../../mls/bounds.js";
import type { Staged } from "../../mls/stage.js";
import { authorize } from "../../policy/authorize.js";
import { objectionTo } from "../accepted.js";
import { demand } from "../engine-problem.js";
import type { Memory, SeatedGroup } from "../memory.js";
import type { Incoming, Verdict } from "./receive.js";

/**
 * A proposal that policy allows waits for its commit; the own SelfRemove, whose answer was lost, has taken the client out:
 * nobody commits its own. Throws EngineProblem when policy does not allow it: it is not kept.
 */
export function receiveProposal(
  memory: Memory,
  { room, group }: SeatedGroup,
  { proposal }: Extract<Staged, { kind: "proposal" }>,
  { message }: Incoming,
): Verdict {
  const { proposals } = memory;
  demand(authorize(room, { kind: "propose", proposal }));
  if (proposal.kind === "selfRemove" && proposal.removed.leafIndex === group.ownLeafIndex) {
    return { change: { forget: true }, situation: { phase: "left", problem: objectionTo(memory, room.policy) } };
  }
  // A log that is read again from an earlier place brings what is known.
  const known = proposals.some((each) => equalBytes(each, message));
  // The hub takes no commit that leaves one out, and no commit has more.
  return !known && proposals.length < BOUNDS.proposals ? { change: { proposals: [...proposals, message] } } : {};
}
