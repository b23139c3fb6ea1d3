import { CodecError } from "../../src/codec/codec-error.js";
import { MlsError } from "../../src/mls/mls-error.js";
import type { Decision } from "../../src/policy/decision.js";
import { Refusal, type RefusalCode } from "../refusal.js";

/** Runs `work` on bytes that somebody sent; what MLS says against them becomes a refusal, `otherwise` where it fits no code. */
export async function refusing<T>(
  otherwise: RefusalCode,
  currentEpoch: bigint | undefined,
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CodecError) throw new Refusal("malformed", error.message);
    if (error instanceof MlsError) throw refusalOf(error, otherwise, currentEpoch);
    throw error;
  }
}

/** Nothing when policy allows it; else throws the refusal that names the rule. */
export function demand(decision: Decision, code: RefusalCode = "notAllowed"): void {
  if (!decision.allowed) throw new Refusal(code, `the room's policy does not allow it (${decision.rule})`, decision);
}

function refusalOf(error: MlsError, otherwise: RefusalCode, currentEpoch: bigint | undefined): Refusal {
  switch (error.code) {
    case "malformed":
      return new Refusal("malformed", error.message);
    case "wrongEpoch":
      return new Refusal(
        "wrongEpoch",
        "the group is at another epoch",
        currentEpoch === undefined ? {} : { currentEpoch },
      );
    case "invalidProposal":
      return new Refusal("invalidProposal", error.message);
    case "invalidGroupInfo":
      return new Refusal("invalidGroupInfo", error.message);
    default:
      return new Refusal(otherwise, `${error.code}: ${error.message}`);
  }
}
