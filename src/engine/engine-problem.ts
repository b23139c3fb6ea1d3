import { CodecError } from "../codec/codec-error.js";
import { MlsError } from "../mls/mls-error.js";
import type { Decision } from "../policy/decision.js";
import { StorageFull } from "../storage/storage-full.js";
import { type SeatEnd, Superseded } from "../storage/superseded.js";
import { ProviderRefusal, Unreachable } from "../transport/provider-refusal.js";
import type { Problem, ProblemCode } from "../worker/engine-api.js";

/** What may be over when it is tried again. */
const HELPED_BY_TRYING: ReadonlySet<ProblemCode> = new Set([
  "unreachable",
  "rateLimited",
  "providerFault",
  "outOfSync",
  "policyChanged",
  "storageUnavailable",
  "storageFull",
  "storageCleared",
  "superseded",
  "invalidKit",
]);

/** A problem on its way to whoever asked; caught at the engine's door and handed out as data. */
export class EngineProblem extends Error {
  override readonly name = "EngineProblem";

  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.rule ?? problem.code);
  }
}

/** A problem by its code; `detail` is for developers. */
export function problem(code: ProblemCode, detail: string): EngineProblem {
  return new EngineProblem({ code, detail, retry: HELPED_BY_TRYING.has(code) });
}

/** What storage refused, as a problem. */
export function storageProblem(error: unknown): EngineProblem {
  return problem(error instanceof StorageFull ? "storageFull" : "storageUnavailable", String(error));
}

/** Whether a problem is over as soon as something could be written. */
export function isStorageProblem(told: Problem | undefined): boolean {
  return told?.code === "storageFull" || told?.code === "storageUnavailable";
}

/** Whether this browser's storage failed, or was taken away: that says nothing of what was being judged. */
export function isStorageFailure(error: unknown): boolean {
  return error instanceof Superseded || (error instanceof EngineProblem && isStorageProblem(error.problem));
}

/** That an own change is more than a group may have, as a problem; whatever else went wrong as it is. */
export function orTooLarge(error: unknown): unknown {
  return error instanceof MlsError && error.code === "tooLarge" ? problem("tooLarge", error.message) : error;
}

/** Throws the refusal of a policy rule as a problem. */
export function demand(decision: Decision): void {
  if (!decision.allowed) throw deniedBy(decision.rule);
}

/**
 * The hub lets nobody commit or propose for an hour whose commit or proposal the others could not follow
 * (docs/adr/0015-provisional-commits.md).
 */
const BARRED = "hub/barred";

/** What the denial by a rule is to the person. */
export function deniedBy(rule: string): EngineProblem {
  return new EngineProblem({ code: codeOf(rule), rule, retry: rule === BARRED });
}

/** What the own leaf does not accept others refuse too: in a room that is made, joined, or in which it is renewed. */
const NOT_ACCEPTED: ReadonlySet<string> = new Set(["5.1/not-accepted", "5.4/not-accepted", "5.12/not-accepted"]);

/** The rules `self/` are asked here alone. */
function codeOf(rule: string): ProblemCode {
  if (rule.endsWith("/banned")) return "banned";
  return rule.startsWith("self/") || NOT_ACCEPTED.has(rule) ? "notAccepted" : "notAllowed";
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

const CODES_OF_ENDS: Readonly<Record<SeatEnd, ProblemCode>> = {
  taken: "superseded",
  outdated: "outdated",
  gone: "storageUnavailable",
};

/** Whatever went wrong, as what a page may know of it. */
export function problemOf(error: unknown): Problem {
  if (error instanceof EngineProblem) return error.problem;
  if (error instanceof Unreachable) return problem("unreachable", error.message).problem;
  if (error instanceof Superseded) return problem(CODES_OF_ENDS[error.why], error.message).problem;
  // What WebCrypto says when a browser has no Ed25519 or X25519.
  if (error instanceof DOMException && error.name === "NotSupportedError") {
    return problem("unsupportedBrowser", error.message).problem;
  }
  // What it says when the person lets this site keep nothing.
  if (error instanceof DOMException && error.name === "SecurityError") {
    return problem("storageUnavailable", error.message).problem;
  }
  if (error instanceof MlsError || error instanceof CodecError) {
    return problem("providerFault", `${error.code}: ${error.message}`).problem;
  }
  if (error instanceof ProviderRefusal) {
    if (error.code === "notAllowed") return deniedBy(error.rule ?? "").problem;
    return problem(CODES[error.code] ?? "providerFault", error.message).problem;
  }
  return problem("internal", error instanceof Error ? error.message : String(error)).problem;
}
