import type { PolicyFact } from "../../src/client/contract.js";
import type { Strings } from "../strings.js";

const DAY = 24 * 60 * 60;

/** What one statement about a room's policy says. */
export function factText(fact: PolicyFact, strings: Strings): string {
  switch (fact.kind) {
    case "historyShared":
      return strings.historyShared(Math.max(1, Math.ceil(fact.seconds / DAY)));
    case "bots":
      return strings.bots(fact.names.join(", "));
    case "logged":
      return strings.loggedBy(fact.by.join(", "));
    default:
      return strings.facts[fact.kind];
  }
}
