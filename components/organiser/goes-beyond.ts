import type { ExplainedChange } from "../../src/client/contract.js";

/** Whether a change does more than another explanation of it said: it is not allowed, or happens to somebody who was not named. */
export function goesBeyond(now: ExplainedChange, said: ExplainedChange): boolean {
  const known = new Set(consequences(said));
  return !now.allowed.allowed || consequences(now).some((consequence) => !known.has(consequence));
}

/** What happens, once for each whom it happens to. */
function consequences({ effects }: ExplainedChange): readonly string[] {
  return effects.flatMap((effect) =>
    "users" in effect ? effect.users.map((user) => `${effect.kind} ${user}`) : [JSON.stringify(effect)],
  );
}
