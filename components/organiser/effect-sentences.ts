import type { ChangeEffect, PolicyFact } from "../../src/client/contract.js";
import { factText } from "../shared/fact-text.js";
import type { Strings } from "../strings.js";
import type { OrganiserStrings } from "./organiser-strings.js";

interface Language {
  readonly strings: Strings;
  readonly words: OrganiserStrings;
  readonly nameOf: (user: string) => string;
}

/** What a change does, a sentence or two for each effect. */
export function effectSentences(effects: readonly ChangeEffect[], language: Language): string[] {
  return effects.flatMap((effect) => sentencesOf(effect, language));
}

function sentencesOf(effect: ChangeEffect, { strings, words, nameOf }: Language): string[] {
  switch (effect.kind) {
    case "removed":
    case "losesDevices":
    case "losesVoice":
    case "gainsVoice":
      return [words[effect.kind](words.names(effect.users.map(nameOf)), effect.users.length)];
    case "roleChanged":
      return [words.becomes(nameOf(effect.user), effect.to)];
    case "fact": {
      const told = (fact: PolicyFact | undefined, as: (text: string) => string) =>
        fact === undefined ? [] : [as(factText(fact, strings))];
      // What takes another's place says by itself that the other holds no longer.
      return effect.after === undefined ? told(effect.before, strings.noLonger) : told(effect.after, strings.toldNow);
    }
  }
}
