import { html, nothing, type TemplateResult } from "lit";
import type { PolicyFact } from "../../src/client/contract.js";
import { safeLink } from "../markdown/safe-link.js";
import { icons } from "../shared/icons.js";
import type { Strings } from "../strings.js";

const DAY = 24 * 60 * 60;

const pictures: Readonly<Record<PolicyFact["kind"], TemplateResult>> = {
  endToEndEncrypted: icons.lock,
  anyoneMayJoin: icons.link,
  membersOnly: icons.people,
  knockToJoin: icons.door,
  moderated: icons.eye,
  pseudonyms: icons.mask,
  noHistoryForNewcomers: icons.history,
  historyShared: icons.history,
  logged: icons.log,
  notLogged: icons.log,
  persistent: icons.pin,
  bots: icons.people,
};

/** What the room's policy means for who comes in, a sentence each. */
export function policyFacts(facts: readonly PolicyFact[], strings: Strings): TemplateResult {
  return html`<ul class="facts" part="facts">
    ${facts.map((fact) => html`<li>${pictures[fact.kind]}<span>${sentence(fact, strings)}</span></li>`)}
  </ul>`;
}

function sentence(fact: PolicyFact, strings: Strings): unknown {
  switch (fact.kind) {
    case "historyShared":
      return strings.historyShared(Math.max(1, Math.ceil(fact.seconds / DAY)));
    case "bots":
      return strings.bots(fact.names.join(", "));
    case "logged": {
      const policy = safeLink(fact.policy);
      const link =
        policy === undefined
          ? nothing
          : html` <a href=${policy} target="_blank" rel="noopener noreferrer">${strings.loggingPolicy}</a>`;
      return html`${strings.loggedBy(fact.by.join(", "))}${link}`;
    }
    default:
      return strings.facts[fact.kind];
  }
}
