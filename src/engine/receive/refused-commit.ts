import { MlsError, type MlsErrorCode } from "../../mls/mls-error.js";
import type { CursorRecord, RefusedCommit } from "../../storage/records.js";
import { EngineProblem, problemOf } from "../engine-problem.js";

const POLICY = "policy";
/**
 * The hub, which has every proposal, took one that members refuse: it cannot see their tags. Who commits it does as it must, is not to
 * blame, and would be if it were refused.
 */
const UNKNOWN_PROPOSAL: MlsErrorCode = "unknownProposal";

/** What is noted of a commit that `error` keeps this client from following; `hash` is its MLSMessage's. */
export function refusedCommit(hash: string, error: unknown): RefusedCommit {
  const { rule, detail } = problemOf(error);
  const code = codeOf(error);
  return {
    hash,
    code,
    ...(code === UNKNOWN_PROPOSAL ? { stands: true } : {}),
    ...(rule === undefined ? {} : { rule }),
    ...(detail === undefined ? {} : { detail }),
  };
}

/** Whether it is the room's policy that forbids it: then only the person may decide to go along. */
export function isForbidden({ code }: RefusedCommit): boolean {
  return code === POLICY;
}

/** Whether the room goes on with a commit that this client cannot follow, and would if it could: it joins again by itself. */
export function mustReturn({ refused }: CursorRecord): boolean {
  return refused?.stands === true && !isForbidden(refused);
}

function codeOf(error: unknown): string {
  if (error instanceof MlsError) return error.code;
  return error instanceof EngineProblem ? POLICY : "internal";
}
