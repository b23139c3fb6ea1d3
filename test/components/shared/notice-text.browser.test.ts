import { expect } from "@open-wc/testing";
import { english } from "../../../components/english.js";
import { timelineRows } from "../../../components/mimi-room-timeline/timeline-rows.js";
import { type NoticeContent, noticeText } from "../../../components/shared/notice-text.js";
import { displayNames } from "../../../components/shared/people-names.js";
import { entry, userUri } from "../../support/shown-states.js";

const person = (nickname: string) => ({ userUri: userUri(nickname), nickname, own: nickname === "Mira" });
const ines = person("Ines");
const mira = person("Mira");
const naming = { names: new Map([[ines.userUri, "Ines"]]), self: mira.userUri, strings: english };

function told(content: NoticeContent, ...nicknames: string[]): string {
  return noticeText(content, nicknames.map(person), naming);
}

describe("what was done in a room", () => {
  for (const [sentence, content, who] of [
    ["Mallory was removed", { kind: "removed" }, ["Mallory"]],
    ["You were removed", { kind: "removed" }, ["Mira"]],
    ["Ines removed Mallory and 1 other", { kind: "removed", by: ines }, ["Mallory", "Trudy"]],
    ["Ines banned you", { kind: "removed", by: ines, banned: true }, ["Mira"]],
    ["You banned Mallory", { kind: "removed", by: mira, banned: true }, ["Mallory"]],
    ["Ines gave you voice", { kind: "roleChanged", from: "visitor", to: "regular_user", by: ines }, ["Mira"]],
    ["Ines took voice from Ada", { kind: "roleChanged", from: "regular_user", to: "visitor", by: ines }, ["Ada"]],
    ["You made Ada a moderator", { kind: "roleChanged", from: "regular_user", to: "admin", by: mira }, ["Ada"]],
    [
      "Ines took a moderator’s rights from Ada",
      { kind: "roleChanged", from: "admin", to: "regular_user", by: ines },
      ["Ada"],
    ],
    [
      "Ines took an owner’s rights from Ada",
      { kind: "roleChanged", from: "owner", to: "regular_user", by: ines },
      ["Ada"],
    ],
    [
      "Ines changed the rules of the room. Newcomers are told: “You may ask to be let in.” Newcomers are no longer told: “The room stays open when everyone has left.”",
      {
        kind: "policyChanged",
        effects: [
          { kind: "fact", before: undefined, after: { kind: "knockToJoin" } },
          { kind: "fact", before: { kind: "persistent" }, after: undefined },
        ],
      },
      ["Ines"],
    ],
    [
      "Ines locked the room down",
      {
        kind: "policyChanged",
        effects: [
          { kind: "fact", before: undefined, after: { kind: "lockedDown" } },
          { kind: "fact", before: undefined, after: { kind: "moderated" } },
        ],
      },
      ["Ines"],
    ],
    [
      "You ended the lockdown",
      { kind: "policyChanged", effects: [{ kind: "fact", before: { kind: "lockedDown" }, after: undefined }] },
      ["Mira"],
    ],
    [
      "Mallory tried to write, which was refused. Only people with voice write here.",
      { kind: "refused", what: "message", rule: "5.10/no-voice" },
      ["Mallory"],
    ],
    [
      "Mallory tried to change the room, which was refused. Only an owner or a moderator removes others.",
      { kind: "refused", what: "commit", rule: "5.7/not-a-moderator" },
      ["Mallory"],
    ],
    [
      "Mallory tried to have the room changed, which was refused.",
      { kind: "refused", what: "proposal", rule: "a rule of tomorrow" },
      ["Mallory"],
    ],
  ] as const) {
    it(`is told so: ${sentence}`, () => {
      expect(told(content, ...who)).to.equal(sentence);
    });
  }

  it("is said of the host by its name, where the host itself tried it", () => {
    const host = { userUri: "mimi://rooms.example", nickname: "", own: false };
    const names = displayNames([host]);
    const content = { kind: "refused", what: "proposal", rule: "a rule of tomorrow" } as const;
    expect(noticeText(content, [host], { ...naming, names })).to.equal(
      "rooms.example tried to have the room changed, which was refused.",
    );
  });

  it("has a line of its own, but for those who came, went, or were taken out by one person", () => {
    const rows = timelineRows(
      [
        entry("Ada", { kind: "removed", by: ines }),
        entry("Kofi", { kind: "removed", by: ines }),
        entry("Mallory", { kind: "removed", by: ines, banned: true }),
        entry("Trudy", { kind: "removed" }),
        entry("Eve", { kind: "refused", what: "message", rule: "5.10/banned" }),
        entry("Eve", { kind: "refused", what: "message", rule: "5.10/banned" }),
      ],
      { from: 0, to: 6 },
      undefined,
    );
    expect(rows.flatMap((row) => (row.kind === "notice" ? [row.entries.length] : []))).to.deep.equal([2, 1, 1, 1, 1]);
  });
});
