import { expect } from "@open-wc/testing";
import { showRoom } from "../../support/show-room.js";
import { conversation, entry, states, userUri } from "../../support/shown-states.js";

function focused(): Element | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}

const textOf = (element: Element): string => (element.textContent ?? "").replaceAll(/\s+/g, " ").trim();

describe("what a person accepts", () => {
  it("stands in the way of joining until it is ticked", async () => {
    const { room, find, drawn } = await showRoom(states.notAccepted);
    const field = find<HTMLInputElement>("#nickname");
    field.value = "Vera";
    field.dispatchEvent(new InputEvent("input"));
    find(".join").click();
    await drawn();
    expect(room.asked, "nothing was joined").to.deep.equal([]);
    const box = find<HTMLInputElement>("input[type=checkbox]");
    expect(focused()).to.equal(box);
    expect(box.checked).to.equal(false);
    box.click();
    const accepted = { logging: true, history: true, bots: true, receipts: true, pseudonyms: true };
    expect(room.asked).to.deep.equal([`accept ${JSON.stringify(accepted)}`]);
    const { problem: _, ...fitting } = states.notAccepted;
    room.state = { ...fitting, acceptance: accepted };
    room.show({});
    await drawn();
    expect(box.checked).to.equal(true);
    find(".join").click();
    await drawn();
    expect(room.asked.at(-1)).to.equal("join Vera");
  });

  it("is not ticked otherwise than the room has taken it", async () => {
    const { room, find, drawn } = await showRoom(states.joined, conversation());
    find(".occupants").click();
    await drawn();
    room.refusal = { code: "notAccepted", rule: "self/pseudonyms", retry: false };
    const boxes = find("mimi-room-acceptance").shadowRoot?.querySelectorAll("input") ?? [];
    const last = boxes[boxes.length - 1];
    last?.click();
    await drawn();
    expect(last?.checked).to.equal(true);
    expect(textOf(find(".banner"))).to.include("under any name, and you do not accept that");
  });
});

describe("who was put out", () => {
  it("is told by whom, and is offered the way back only after a removal", async () => {
    const by = { userUri: userUri("Ines"), nickname: "Ines" };
    const { room, find, all, drawn } = await showRoom(states.joined, conversation());
    room.show({ phase: "left", occupants: [], problem: { code: "removed", by, retry: true } });
    await drawn();
    expect(textOf(find(".banner strong"))).to.equal("Ines removed you");
    expect(all(".banner button")).to.have.length(1);
    room.show({ phase: "left", occupants: [], problem: { code: "banned", by, retry: false } });
    await drawn();
    expect(textOf(find(".banner strong"))).to.equal("Ines banned you");
    expect(all(".banner button")).to.have.length(0);
  });

  it("is told which of two by one name it was, as in every other line", async () => {
    const one = { userUri: userUri("Ines-1"), nickname: "Ines" };
    const { room, find, drawn } = await showRoom(states.joined, [
      entry("Mallory", { kind: "removed", by: { userUri: userUri("Ines-2"), nickname: "Ines" } }),
    ]);
    room.show({ phase: "left", occupants: [], problem: { code: "removed", by: one, retry: true } });
    await drawn();
    expect(textOf(find(".banner strong"))).to.equal("Ines #es-1 removed you");
    expect(textOf(find(".notice"))).to.equal("Ines #es-2 removed Mallory");
  });

  it("is shown the rules anew when they do not accept them", async () => {
    const { room, find, drawn } = await showRoom(states.joined, conversation());
    room.show({ phase: "left", occupants: [], problem: { code: "notAccepted", rule: "self/history", retry: false } });
    await drawn();
    expect(textOf(find(".banner"))).to.include("Newcomers may be shown earlier messages here");
    find(".banner button").click();
    await drawn();
    expect(room.asked).to.deep.equal(["reconnect"]);
  });
});
