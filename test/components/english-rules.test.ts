import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { englishRules, englishRulesForOthers } from "../../components/english-rules.js";
import type { Rule } from "../../src/policy/rule.js";

/** What a provider refuses by a rule of its own. */
type HubRule = `hub/${"barred" | "no-say" | "origins-by-owner" | "pending-proposals" | "room-full"}`;

// A rule without words, or words without a rule, do not compile.
const words: Readonly<Record<Rule | HubRule, string>> = englishRules;
const ruled: Readonly<Record<keyof typeof englishRules, string>> = words;

describe("the words of the policy's rules", () => {
  it("are there for every rule that the rules' page names", () => {
    const page = readFileSync(new URL("../../docs/rules.md", import.meta.url), "utf8");
    const named = new Set(
      Array.from(page.matchAll(/`((?:\d|valid|identity|self|hub)[\w.]*\/[a-z-]+)`/gu), ([, id]) => id ?? ""),
    );
    assert.ok(named.size > 80, `${named.size} rules`);
    assert.deepEqual(
      [...named].filter((id) => !(id in ruled)),
      [],
    );
  });

  it("are whole sentences that name nothing of the wire", () => {
    for (const [id, sentence] of [...Object.entries(englishRules), ...Object.entries(englishRulesForOthers)]) {
      assert.match(sentence, /^[A-Z].*\.$/u, id);
      assert.doesNotMatch(sentence, /\b(leaf|commit|proposal|epoch|GroupInfo|MLS|client)\b/u, id);
    }
  });
});
