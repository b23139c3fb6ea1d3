import { expect } from "@open-wc/testing";
import { showRoom } from "../../support/show-room.js";
import { entry, states } from "../../support/shown-states.js";

const { joined } = states;
const organiser = { ...joined, me: { ...joined.me, mayRename: true } };

async function renaming(state = organiser, options = {}) {
  const shown = await showRoom(state, [], options);
  shown.find(".rename").click();
  await shown.drawn();
  return { ...shown, field: shown.find<HTMLInputElement>("#name") };
}

const focused = ({ shadowRoot }: Element): Element | null => {
  const active = shadowRoot?.activeElement ?? null;
  return active?.shadowRoot?.activeElement ?? active;
};

describe("mimi-room-header", () => {
  it("offers renaming to who may, and to nobody else", async () => {
    expect((await showRoom(joined)).all(".rename")).to.have.length(0);
    const { all, room, drawn } = await renaming();
    expect(all("#name")).to.have.length(1);
    room.show(joined);
    await drawn();
    expect(all("#name")).to.have.length(0);
  });

  it("renames: the name is there to be changed, and the focus returns", async () => {
    const { element, room, field, find, all, drawn } = await renaming();
    expect(focused(element)).to.equal(field);
    expect(field.value).to.equal(joined.preview.name);
    expect([field.selectionStart, field.selectionEnd]).to.deep.equal([0, field.value.length]);
    field.value = "  Keynote, moved ";
    find(".save").click();
    await drawn();
    expect(room.asked).to.deep.equal(["rename Keynote, moved"]);
    expect(all("#name")).to.have.length(0);
    expect(focused(element)).to.equal(find(".rename"));
  });

  it("asks for nothing when the name is as it was, or the person thinks better of it", async () => {
    for (const how of ["save", "cancel", "Escape"]) {
      const { room, field, find, all, drawn } = await renaming();
      if (how === "Escape") {
        field.value = "Typed";
        field.dispatchEvent(new KeyboardEvent("keydown", { key: how, bubbles: true, composed: true }));
      } else find(`.${how}`).click();
      await drawn();
      expect(room.asked).to.deep.equal([]);
      expect(all("#name")).to.have.length(0);
    }
  });

  it("takes no name of blanks", async () => {
    const { room, field, find, all, drawn } = await renaming();
    for (const blank of ["", "   "]) {
      field.value = blank;
      find(".save").click();
      await drawn();
      expect(field.validity.valid).to.equal(false);
    }
    expect(all("#name")).to.have.length(1);
    expect(room.asked).to.deep.equal([]);
  });

  it("says why a name was refused", async () => {
    const { room, field, find, element, drawn } = await renaming();
    room.refusal = { code: "notAllowed", rule: "5.11/not-a-moderator", retry: false };
    field.value = "Mine";
    find(".save").click();
    await drawn();
    expect(element.shadowRoot?.querySelector(".banner")?.textContent).to.contain("You cannot do this here");
  });

  it("keeps what is being typed while others rename", async () => {
    const { room, field, drawn } = await renaming();
    field.value = "Typing";
    room.show({ preview: { ...joined.preview, name: "Theirs" } });
    await drawn();
    expect(field.value).to.equal("Typing");
  });

  it("is accessible while renaming, on a phone as well", async () => {
    for (const width of [800, 320]) {
      const { element, field } = await renaming(organiser, { width });
      await expect(element).to.be.accessible();
      expect(field.getBoundingClientRect().width).to.be.above(90);
      expect(element.scrollWidth).to.be.at.most(width);
    }
  });

  it("tells of the new name, in the timeline and to a screen reader", async () => {
    const { element, room, find } = await showRoom(joined);
    room.say(entry("Ines", { kind: "renamed", name: "Moved" }), entry("Ines", { kind: "renamed", name: "" }));
    await until(() => element.shadowRoot?.querySelector("[aria-live]")?.textContent?.includes("Moved") ?? false);
    const notices = [...(find("mimi-room-timeline").shadowRoot?.querySelectorAll(".notice") ?? [])];
    expect(notices.map(({ textContent }) => textContent?.trim())).to.deep.equal([
      "Ines renamed the room to “Moved”",
      "Ines renamed the room to “Untitled room”",
    ]);
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(requestAnimationFrame);
}
