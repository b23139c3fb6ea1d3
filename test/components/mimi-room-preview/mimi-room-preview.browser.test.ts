import { expect } from "@open-wc/testing";
import { type Shown, showRoom } from "../../support/show-room.js";
import { states } from "../../support/shown-states.js";

describe("mimi-room-preview", () => {
  beforeEach(() => localStorage.clear());
  after(() => localStorage.clear());

  it("says what the room is, who hosts it, how many are inside, and what its policy means", async () => {
    const { find, all } = await showRoom(states.preview);
    expect(find("h2").textContent).to.include("Keynote");
    expect(find(".about").textContent).to.include("Hosted by rooms.example");
    expect(find(".about").textContent).to.include("6 people inside");
    expect(all(".facts li")).to.have.length(states.preview.preview.facts.length);
  });

  it("joins under the nickname that was typed, trimmed, with one tap", async () => {
    const { room, find } = await showRoom(states.preview);
    type(find, "  Ada ");
    find(".join").click();
    expect(room.asked).to.deep.equal(["join Ada"]);
  });

  it("remembers the nickname for the next time", async () => {
    const { find } = await showRoom(states.preview);
    type(find, "Ada");
    find(".join").click();
    const again = await showRoom(states.preview);
    expect(again.find<HTMLInputElement>("input").value).to.equal("Ada");
  });

  for (const [title, nickname, says] of [
    ["no nickname", "   ", "Type a name"],
    ["one that is too long", "x".repeat(81), "too long"],
  ] as const) {
    it(`asks again for ${title}, and puts the focus there`, async () => {
      const { room, find, drawn } = await showRoom(states.preview);
      type(find, nickname);
      find(".join").click();
      await drawn();
      expect(room.asked).to.deep.equal([]);
      expect(find(".mistake").textContent).to.include(says);
      expect(find("input").matches(":focus")).to.equal(true);
      expect(find("input").getAttribute("aria-invalid")).to.equal("true");
    });
  }

  it("joins once, however often one taps", async () => {
    const { room, find, drawn } = await showRoom(states.preview);
    type(find, "Ada");
    find(".join").click();
    room.show(states.joining);
    await drawn();
    find(".join").click();
    find(".join").click();
    expect(room.asked).to.deep.equal(["join Ada"]);
  });

  it("does not jump when joining begins", async () => {
    const { room, find, drawn } = await showRoom(states.preview);
    const before = find(".join").getBoundingClientRect();
    room.show(states.joining);
    await drawn();
    const after = find(".join").getBoundingClientRect();
    expect([after.top, after.width, after.height]).to.deep.equal([before.top, before.width, before.height]);
  });

  it("shows the site's own terms above the button", async () => {
    const { element, all } = await showRoom(states.preview);
    const terms = document.createElement("p");
    terms.slot = "consent";
    element.append(terms);
    expect(all<HTMLSlotElement>("slot[name=consent]").at(-1)?.assignedElements({ flatten: true })).to.deep.equal([
      terms,
    ]);
  });

  it("names who keeps a log, and links to their policy", async () => {
    const logged = { kind: "logged", by: ["Archive"], policy: "https://archive.example/policy" } as const;
    const preview = { ...states.preview.preview, facts: [logged] };
    const { find } = await showRoom({ ...states.preview, preview });
    expect(find(".facts").textContent).to.include("logged by Archive");
    expect(find<HTMLAnchorElement>(".facts a").href).to.equal("https://archive.example/policy");
  });
});

function type(find: Shown["find"], text: string): void {
  const field = find<HTMLInputElement>("input");
  field.value = text;
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}
