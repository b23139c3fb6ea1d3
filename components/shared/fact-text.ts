import type { PolicyFact } from "../../src/client/contract.js";
import type { Strings } from "../strings.js";

/** More of those who log, or are bots, are counted and not named. */
const MOST_NAMED = 8;

/** What one statement about a room's policy says. */
export function factText(fact: PolicyFact, strings: Strings): string {
  switch (fact.kind) {
    case "historyShared":
      return strings.historyShared(fact.seconds);
    case "bots":
      return strings.bots(listed(fact.names, strings));
    case "logged":
      return strings.loggedBy(listed(fact.by, strings));
    default:
      return strings.facts[fact.kind];
  }
}

function listed(names: readonly string[], strings: Strings): string {
  const named = names.slice(0, MOST_NAMED).join(", ");
  return names.length > MOST_NAMED ? `${named} ${strings.andMore(names.length - MOST_NAMED)}` : named;
}
