import { expect } from "@open-wc/testing";
import { showRoom } from "../../support/show-room.js";
import { states } from "../../support/shown-states.js";

describe("mimi-room on its page", () => {
  it("shows what the page puts into its slots, and its own words where it puts nothing", async () => {
    const { element, all, find, drawn } = await showRoom(states.joined);
    expect(find("h2").textContent).to.include("Keynote");
    const header = document.createElement("h1");
    header.slot = "header";
    element.append(header);
    await drawn();
    expect(all<HTMLSlotElement>("slot[name=header]").at(-1)?.assignedElements({ flatten: true })).to.deep.equal([
      header,
    ]);
  });

  it("speaks another language where the site says so", async () => {
    const { element, find } = await showRoom(states.joined);
    element.strings = { send: "Senden" };
    await element.updateComplete;
    await element.updateComplete;
    expect(find(".send").getAttribute("aria-label")).to.equal("Senden");
  });

  it("is dark where the page is, by the page's ink", async () => {
    const { element, drawn } = await showRoom(states.joined, [], { theme: "auto" });
    expect(element.matches(":state(dark)")).to.equal(false);
    document.body.style.color = "#eee";
    await drawn();
    expect(element.matches(":state(dark)")).to.equal(true);
    document.body.style.removeProperty("color");
    await drawn();
    expect(element.matches(":state(dark)")).to.equal(false);
  });

  it("hides words from the site's own style sheets, and takes its custom properties", async () => {
    const { element, find, drawn } = await showRoom(states.joined);
    element.style.setProperty("--mimi-accent", "rgb(1, 2, 3)");
    const field = find<HTMLTextAreaElement>("textarea");
    field.value = "x";
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    await drawn();
    await until(() => getComputedStyle(find(".send")).backgroundColor === "rgb(1, 2, 3)");
  });
});

/** Waits, frame by frame, for something that is about to be so; the test's time limit ends it. */
async function until(so: () => boolean): Promise<void> {
  while (!so()) await new Promise(requestAnimationFrame);
}
