import { expect } from "@open-wc/testing";
import type { RoomSettings, UserModeration } from "../../../src/client/contract.js";
import { RoomError } from "../../../src/client/room-error.js";
import { showRoom } from "../../support/show-room.js";
import { organised } from "../../support/shown-organised.js";
import { conversation, states, userUri } from "../../support/shown-states.js";

const kofi = userUri("Kofi");

const textOf = (element: Element): string => (element.textContent ?? "").replaceAll(/\s+/g, " ").trim();

describe("what an organiser's page asks of the room", () => {
  it("is the policy when it or the own role changed, one question at a time", async () => {
    const shown = await showRoom(states.organising, conversation());
    const { room, drawn } = shown;
    const answers: ((settings: RoomSettings) => void)[] = [];
    room.settings = () => new Promise((resolve) => answers.push(resolve));
    shown.find(".occupants").click();
    await shown.appears(".rules");
    expect(answers).to.have.length(1);
    room.show({ occupants: states.organising.occupants.slice(0, 4), fingerprint: { epoch: 18, digits: "1" } });
    for (const policyMark of ["one", "two"]) {
      room.show({ policyMark });
      await drawn();
    }
    expect(answers, "one is on its way").to.have.length(1);
    const { settings } = organised;
    answers[0]?.({ ...settings, banned: [kofi] });
    await drawn();
    expect(answers, "and one more for all that changed meanwhile").to.have.length(2);
    answers[1]?.(settings);
    await drawn();
    expect(textOf(shown.find(".banned"))).to.equal("Banned (2)");
    room.show({ occupants: states.organising.occupants });
    await drawn();
    expect(answers).to.have.length(2);
  });

  it("is how somebody stands when that may have changed, and it shows the last answer", async () => {
    const shown = await showRoom(states.organising, conversation());
    shown.find(".occupants").click();
    await shown.appears(".rules");
    const { room, drawn } = shown;
    const answers: ((moderation: UserModeration) => void)[] = [];
    room.moderation = () => new Promise((resolve) => answers.push(resolve));
    shown.find(`[data-user="${kofi}"]`).click();
    await drawn();
    room.show({ fingerprint: { epoch: 18, digits: "1" } });
    await drawn();
    expect(answers).to.have.length(1);
    room.show({ policyMark: "another" });
    await drawn();
    const standing = organised.moderation(kofi);
    answers[0]?.({ ...standing, mayGive: [], mayKick: false });
    await drawn();
    expect(shown.all(".deed"), "an answer about what was before").to.have.length(0);
    answers[1]?.(standing);
    await shown.appears(".deed");
  });

  it("is asked once more by a person who is told why there was no answer", async () => {
    const shown = await showRoom(states.organising, conversation());
    const { room } = shown;
    room.settings = () => Promise.reject(new RoomError({ code: "rateLimited", retry: true }));
    shown.find(".occupants").click();
    (await shown.appears<HTMLElement>(".rules")).click();
    const mistake = await shown.appears<HTMLElement>("[part=organiser] .mistake");
    expect(textOf(mistake)).to.include("wait a moment");
    room.settings = async () => organised.settings;
    shown.find(".again").click();
    await shown.appears("form .review");
    expect(shown.all(".mistake")).to.have.length(0);
  });
});
