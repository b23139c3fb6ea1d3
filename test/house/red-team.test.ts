import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";

const root = new URL("../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");

interface Attack {
  readonly who: string;
  readonly goal: string;
  readonly tries: string;
  readonly file: string;
  readonly title: string;
}

const attacks: readonly Attack[] = (read("docs/threat-model.md").split("## Red team")[1] ?? "")
  .split("\n")
  .filter((line) => /^\| \w[\w ]* \| [ACI] \|/u.test(line))
  .map((line) => line.split(" | "))
  .map(([who = "", goal = "", tries = "", , test = ""]) => {
    const [, file = "", title = ""] = /^`(.+?)`: (.+?) *\|?$/u.exec(test) ?? [];
    return { who: who.replace(/^\| /u, ""), goal, tries, file, title };
  });

/** The titles of a test file: what stands between the quotes after it( and describe(, also over lines. */
function titlesOf(file: string): string {
  const calls = read(file).matchAll(/\b(?:it|describe|test)\(\s*(["`])([\s\S]*?)\1/gu);
  return [...calls].map(([, , title]) => title).join("\n");
}

describe("the red team's list in docs/threat-model.md", () => {
  it("has every attacker try availability, confidentiality and integrity", () => {
    for (const who of ["stranger", "member", "host page", "network"]) {
      for (const goal of ["A", "C", "I"]) {
        assert.ok(
          attacks.some((attack) => attack.who === who && attack.goal === goal),
          `${who} never tries ${goal}`,
        );
      }
    }
  });

  for (const { who, tries, file, title } of attacks) {
    it(`has a test in which a ${who} ${tries}`, () => {
      assert.ok(file !== "" && existsSync(new URL(file, root)), `no file ${file}`);
      assert.ok(titlesOf(file).includes(title), `${file} has no test "${title}"`);
    });
  }
});
