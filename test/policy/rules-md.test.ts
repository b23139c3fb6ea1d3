import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

interface Row {
  readonly rule: string;
  readonly decides: string;
  readonly code: string;
  readonly test: string;
}

const rows: readonly Row[] = read("docs/rules.md")
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .map(([, rule = "", , decides = "", code = "", test = ""]) => ({
    rule: rule.replaceAll("`", ""),
    decides,
    code,
    test,
  }));

/** The members of the type Rule, the sections of admission written out. */
function rulesOfType(): readonly string[] {
  const source = read("src/policy/rule.ts");
  const plain = [...source.matchAll(/\| "([^"/]+\/[^"]+)"/gu)].map(([, rule = ""]) => rule);
  const sections = [...(/type AdmissionSection = (.*);/u.exec(source)?.[1] ?? "").matchAll(/"([^"]+)"/gu)];
  const slugs = [...(/AdmissionSection\}\/\$\{([^}]*)\}/u.exec(source)?.[1] ?? "").matchAll(/"([^"]+)"/gu)];
  return [...plain, ...sections.flatMap(([, section]) => slugs.map(([, slug]) => `${section}/${slug}`))];
}

describe("docs/rules.md", () => {
  it("lists every rule once, and no other", () => {
    assert.deepEqual(rows.map(({ rule }) => rule).sort(), [...rulesOfType()].sort());
  });

  it("says of each who decides", () => {
    for (const { rule, decides } of rows) assert.match(decides, /^(group|hub|self)$/u, rule);
  });

  it("gives every sentence of sections 4 to 8 a rule that there is, or a reason", () => {
    const known = new Set(rows.map(({ rule }) => rule));
    const [, sentences = ""] = /## Sentence by sentence\n(.*?)\n## /su.exec(read("docs/rules.md")) ?? [];
    const lines = sentences.split("\n").filter((line) => /^\| [4-8]/u.test(line));
    assert.ok(lines.length > 50, `${lines.length}`);
    for (const line of lines) {
      const [, section, , answer = ""] = line.split("|");
      const named = [...answer.matchAll(/`([^`]+)`/gu)].map(([, rule = ""]) => rule);
      assert.ok(named.length > 0 || /– \w/u.test(answer), `${section}: ${line}`);
      for (const rule of named) assert.ok(known.has(rule), `${section}: ${rule}`);
    }
  });

  it("names the code that denies with it and the test that sees it", () => {
    for (const { rule, code, test } of rows) {
      const slug = rule.slice(rule.indexOf("/") + 1);
      assert.ok(read(`src/policy/${code}`).includes(slug), `${rule} is not in ${code}`);
      assert.ok(read(`test/policy/${test}`).includes(slug), `${rule} is not in ${test}`);
    }
  });
});
