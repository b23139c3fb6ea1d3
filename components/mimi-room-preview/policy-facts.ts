import { html, type TemplateResult } from "lit";
import type { PolicyFact } from "../../src/client/contract.js";
import { safeLink } from "../markdown/safe-link.js";
import { factText } from "../shared/fact-text.js";
import { icons } from "../shared/icons.js";
import type { Strings } from "../strings.js";

const pictures: Readonly<Record<PolicyFact["kind"], TemplateResult>> = {
  endToEndEncrypted: icons.lock,
  lockedDown: icons.lock,
  anyoneMayJoin: icons.link,
  membersOnly: icons.people,
  fixedMembership: icons.people,
  partOfAnotherRoom: icons.people,
  knockToJoin: icons.door,
  password: icons.door,
  publicLink: icons.link,
  discoverable: icons.eye,
  moderated: icons.eye,
  pseudonyms: icons.mask,
  singleDevice: icons.people,
  deliveryNotificationsRequired: icons.check,
  readReceiptsRequired: icons.eye,
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
  const text = factText(fact, strings);
  const policy = fact.kind === "logged" ? safeLink(fact.policy) : undefined;
  if (policy === undefined) return text;
  return html`${text} <a href=${policy} target="_blank" rel="noopener noreferrer">${strings.loggingPolicy}</a>`;
}
