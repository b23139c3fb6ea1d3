import { equalBytes } from "../../codec/bytes.js";
import { MlsError, type MlsErrorCode } from "../../mls/mls-error.js";
import type { CursorRecord, RefusedEvent } from "../../storage/records.js";
import { EngineProblem, problemOf } from "../engine-problem.js";
import type { Change, Memory } from "../memory.js";

const POLICY = "policy";
/**
 * A commit of a proposal that this client does not have, and the hub has: a proposal that nobody follows is gone before it is
 * committed, so others have it. Who commits it does as it must, is not to blame, and would be if it were refused.
 */
const UNKNOWN_PROPOSAL: MlsErrorCode = "unknownProposal";

/** So many forbidden proposals are kept in an epoch. */
const MOST_FORBIDDEN = 64;

/**
 * A proposal that policy forbids is kept for the commit that carries it: that is refused by the same rule, and not taken for one that
 * this client came too late for.
 */
export function withForbidden({ forbidden }: Memory, { message }: { readonly message: Uint8Array }): Change {
  // A log that is read again from an earlier place brings what is known.
  const known = forbidden.some((each) => equalBytes(each, message));
  return !known && forbidden.length < MOST_FORBIDDEN ? { forbidden: [...forbidden, message] } : {};
}

/** What is noted of a commit or proposal that `error` keeps this client from following; `hash` is its MLSMessage's. */
export function refusedEvent(hash: string, error: unknown, { forbidden }: Memory): RefusedEvent {
  const { rule, detail } = problemOf(error);
  const reason = codeOf(error);
  // Where more were forbidden than are kept it may carry one of them.
  const code = reason === UNKNOWN_PROPOSAL && forbidden.length === MOST_FORBIDDEN ? POLICY : reason;
  return {
    hash,
    code,
    ...(code === UNKNOWN_PROPOSAL ? { stands: true } : {}),
    ...(rule === undefined ? {} : { rule }),
    ...(detail === undefined ? {} : { detail }),
  };
}

/** Whether it is the room's policy that forbids it: then only the person may decide to go along. */
export function isForbidden({ code }: RefusedEvent): boolean {
  return code === POLICY;
}

/** Whether the room goes on with what this client cannot follow, and would if it could: it joins again by itself. */
export function mustReturn({ refused }: CursorRecord): boolean {
  return refused?.stands === true && !isForbidden(refused);
}

function codeOf(error: unknown): string {
  if (error instanceof MlsError) return error.code;
  return error instanceof EngineProblem ? POLICY : "internal";
}
