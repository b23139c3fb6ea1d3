import { expect } from "@open-wc/testing";
import { displayNames } from "../../../components/shared/people-names.js";

const namesOf = (...nicknames: string[]) => [
  ...displayNames(nicknames.map((nickname, n) => ({ userUri: `mimi://p.example/u/g-user${n}`, nickname }))).values(),
];

describe("displayNames", () => {
  it("shows a nickname as it is while nobody else bears it", () => {
    expect(namesOf("Olga", "Adam", "👩‍🚀")).to.deep.equal(["Olga", "Adam", "👩‍🚀"]);
  });

  for (const [what, other] of [
    ["the same", "Olga"],
    ["another case", "OLGA"],
    ["another width", "Ｏｌｇａ"],
    ["a zero-width space", "Ol\u200bga"],
    ["a filler", "Olga\u3164"],
    ["blanks inside", "O l g a"],
    ["a mark of direction", "\u200eOlga"],
  ] as const) {
    it(`marks two users of one name: ${what}`, () => {
      expect(namesOf("Olga", other)).to.deep.equal(["Olga #ser0", `${other} #ser1`]);
    });
  }

  it("names who has chosen a name that cannot be seen", () => {
    expect(namesOf("\u200b\u2060", "\u2800")).to.deep.equal(["#ser0", "#ser1"]);
  });
});
