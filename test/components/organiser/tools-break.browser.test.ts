import { expect } from "@open-wc/testing";
import { showRoom } from "../../support/show-room.js";
import { conversation, states } from "../../support/shown-states.js";

// A page of its own: the tools are not there yet.
describe("organisers' tools that load and are not there", () => {
  it("are said to have failed, and come with another attempt", async () => {
    const { define } = customElements;
    customElements.define = (name, ...rest) => {
      if (!name.includes("organiser")) define.call(customElements, name, ...rest);
    };
    const { all, find, appears } = await showRoom(states.organising, conversation());
    find(".occupants").click();
    const failed = await appears<HTMLElement>(".tools[role=alert]");
    expect(failed.textContent).to.include("did not load");
    customElements.define = define;
    find(".tools button").click();
    await appears(".rules");
    expect(all(".tools")).to.have.length(0);
  });
});
