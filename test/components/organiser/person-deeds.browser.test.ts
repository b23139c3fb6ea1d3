import { expect } from "@open-wc/testing";
import { personDeeds } from "../../../components/organiser/person-deeds.js";
import type { RoleName, Standing, UserModeration } from "../../../src/client/contract.js";

const all: readonly Standing[] = ["owner", "admin", "regular_user", "visitor", "banned", "none"];
const open = { moderated: false, membershipStyle: "open" } as const;
const moderated = { moderated: true, membershipStyle: "open" } as const;
const listed = { moderated: false, membershipStyle: "members_only" } as const;

function seenAs(
  role: RoleName,
  standing: Standing,
  mayGive: readonly Standing[] = all,
  mayKick = true,
): UserModeration {
  return { userUri: "u", role, standing, mayGive: mayGive.filter((place) => place !== standing), mayKick };
}

describe("what can be done to somebody", () => {
  for (const [title, moderation, room, deeds] of [
    ["somebody who may write", seenAs("regular_user", "none"), open, "takeVoice makeAdmin makeOwner kick ban"],
    ["a reader of a moderated room", seenAs("visitor", "none"), moderated, "giveVoice makeAdmin makeOwner kick ban"],
    ["a moderator", seenAs("admin", "admin"), open, "demote makeOwner kick ban"],
    ["an owner, by a moderator", seenAs("owner", "owner", [], false), open, ""],
    [
      "somebody who may write, by a moderator",
      seenAs("regular_user", "none", ["admin", "visitor", "banned"]),
      open,
      "takeVoice makeAdmin kick ban",
    ],
    ["somebody banned", seenAs("banned", "banned", all, false), open, "unban"],
  ] as const) {
    it(`is offered once each, of ${title}`, () => {
      expect(
        personDeeds(moderation, room)
          .map(({ deed }) => deed)
          .join(" "),
      ).to.equal(deeds);
    });
  }

  it("takes somebody off the list where anyone may be, and changes the entry where the list lets in", () => {
    const standingOf = (room: typeof open | typeof listed) =>
      personDeeds(seenAs("admin", "admin"), room).find(({ deed }) => deed === "demote")?.standing;
    expect(standingOf(open)).to.equal("none");
    expect(standingOf(listed)).to.equal("regular_user");
  });
});
