import type { Rule } from "./rule.js";

/** What policy says of an action; a denial names the rule (docs/rules.md). */
export type Decision = { readonly allowed: true } | Denial;
export type Denial = { readonly allowed: false; readonly rule: string };

export const allow: Decision = { allowed: true };

/** A denial for the reason that `rule` is. */
export function deny(rule: Rule): Denial {
  return { allowed: false, rule };
}

/** The first denial among what is asked in turn, else allowed; what stands after a denial is not asked. */
export function every<T>(items: Iterable<T>, decide: (item: T) => Decision): Decision {
  for (const item of items) {
    const decision = decide(item);
    if (!decision.allowed) return decision;
  }
  return allow;
}

/** {@link every} over questions. */
export function all(...questions: readonly (() => Decision)[]): Decision {
  return every(questions, (ask) => ask());
}
