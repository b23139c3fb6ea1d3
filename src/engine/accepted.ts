import { equalBytes } from "../codec/bytes.js";
import { unlessMalformed } from "../codec/codec-error.js";
import type { Member } from "../codec/group-view.js";
import { type Acceptance, acceptance as acceptanceCodec } from "../codec/leaf-extensions.js";
import { type RoomPolicy, roomPolicy } from "../codec/room-policy.js";
import { decode, encode } from "../codec/tls.js";
import { accepts } from "../policy/acceptance.js";
import type { Decision } from "../policy/decision.js";
import type { Problem } from "../worker/engine-api.js";
import type { EngineContext } from "./context.js";
import { deniedBy } from "./engine-problem.js";
import type { Memory } from "./memory.js";

const EVERYTHING: Acceptance = { logging: true, history: true, bots: true, receipts: true, pseudonyms: true };

/** Whether the person accepts a room of that policy (framework draft, 5.6). */
export function acceptedBy({ acceptance }: Pick<Memory, "acceptance">, policy: RoomPolicy): Decision {
  return accepts(acceptance, policy);
}

/** Why the person is not to be in a room of that policy; undefined where it is accepted. */
export function objectionTo(memory: Pick<Memory, "acceptance">, policy: RoomPolicy): Problem | undefined {
  const decision = acceptedBy(memory, policy);
  return decision.allowed ? undefined : deniedBy(decision.rule).problem;
}

/** The same of the room whose preview is shown. */
export function objectionToPreview({ memory, situation: { preview } }: EngineContext): Problem | undefined {
  const policy = preview && unlessMalformed(() => decode(roomPolicy, preview.policy));
  return policy && objectionTo(memory, policy);
}

/** The leaf as it says so; the very same object where it does already. */
export function advertising(leaf: Member, accepted: Acceptance | undefined): Member {
  return advertises(leaf, accepted) ? leaf : { ...leaf, acceptance: accepted ?? EVERYTHING };
}

/** Whether a leaf says of its user what is accepted. */
export function advertises(leaf: Member, accepted: Acceptance | undefined): boolean {
  const octetsOf = (said = EVERYTHING) => encode(acceptanceCodec, said);
  return equalBytes(octetsOf(leaf.acceptance), octetsOf(accepted));
}
