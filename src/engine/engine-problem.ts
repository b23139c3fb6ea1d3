import { MlsError } from "../mls/mls-error.js";
import { Superseded } from "../storage/superseded.js";
import { ProviderRefusal, Unreachable } from "../transport/provider-refusal.js";
import type { Problem, ProblemCode } from "../worker/engine-api.js";

/** A problem on its way to whoever asked; caught at the engine's door and handed out as data. */
export class EngineProblem extends Error {
  override readonly name = "EngineProblem";

  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.rule ?? problem.code);
  }
}

/** The refusal of a policy rule as a problem. */
export function deniedBy(rule: string): EngineProblem {
  return new EngineProblem({ code: rule.endsWith("/banned") ? "banned" : "notAllowed", rule, retry: false });
}

/** Codes of the provider's refusals that have a name of their own for the person; the others are faults. */
const CODES: Readonly<Record<string, ProblemCode>> = {
  noSuchRoom: "noSuchRoom",
  originNotAllowed: "originNotAllowed",
  notSeated: "outOfSync",
  noGroup: "outOfSync",
  rateLimited: "rateLimited",
  tooLarge: "tooLarge",
  roomFull: "roomFull",
};

const HELPED_BY_TRYING: ReadonlySet<ProblemCode> = new Set([
  "unreachable",
  "rateLimited",
  "providerFault",
  "outOfSync",
]);

/** Whatever went wrong, as what a page may know of it. */
export function problemOf(error: unknown): Problem {
  if (error instanceof EngineProblem) return error.problem;
  if (error instanceof Unreachable) return problem("unreachable", error.message);
  if (error instanceof Superseded) return problem("superseded", error.message);
  if (error instanceof MlsError) return problem("providerFault", `${error.code}: ${error.message}`);
  if (error instanceof ProviderRefusal) {
    if (error.code === "notAllowed") return deniedBy(error.rule ?? "").problem;
    return problem(CODES[error.code] ?? "providerFault", error.message);
  }
  return problem("internal", error instanceof Error ? error.message : String(error));
}

function problem(code: ProblemCode, detail: string): Problem {
  return { code, detail, retry: HELPED_BY_TRYING.has(code) };
}
