import { expect } from "@open-wc/testing";
import { showRoom } from "../../support/show-room.js";
import { conversation, states } from "../../support/shown-states.js";

// A page of its own: the tools are not there yet.
describe("the organisers' tools of a page that has not met an organiser", () => {
  it("are loaded when the list of people is opened, which stays where it is", async () => {
    const { all, find, appears, drawn } = await showRoom(states.organising, conversation());
    expect(customElements.get("mimi-room-organiser")).to.equal(undefined);
    find(".occupants").click();
    const loading = await appears<HTMLElement>(".tools");
    expect(loading.textContent).to.include("Getting the organiser’s tools");
    const top = () => find("[part=occupant]").getBoundingClientRect().top;
    const before = top();
    await appears(".rules");
    await drawn();
    expect(all(".tools")).to.have.length(0);
    expect(top()).to.be.closeTo(before, 2);
    expect(document.querySelectorAll("script[src*=organiser]"), "nothing is left in the page").to.have.length(0);
  });
});
