import { expect, fixture, oneEvent } from "@open-wc/testing";
import { html } from "lit";
import { define } from "../../components/define.js";
import type { MimiKnockRequestEvent } from "../../components/events.js";
import type { MimiJoinLink } from "../../components/mimi-join-link/mimi-join-link.js";
import type { MimiKnock } from "../../components/mimi-knock/mimi-knock.js";
import { MimiRoom } from "../../components/mimi-room/mimi-room.js";

describe("define", () => {
  it("registers every element once, and leaves what is there", () => {
    class Other extends HTMLElement {}
    define(customElements, { "mimi-room": Other });
    expect(customElements.get("mimi-room")).to.equal(MimiRoom);
  });
});

describe("mimi-knock", () => {
  for (const theme of ["light", "dark"] as const) {
    it(`is an accessible button, ${theme}`, async () => {
      await expect(await fixture(html`<mimi-knock theme=${theme}></mimi-knock>`)).to.be.accessible();
    });
  }

  it("asks with its reason", async () => {
    const element = await fixture<MimiKnock>(html`<mimi-knock reason="I have a ticket"></mimi-knock>`);
    setTimeout(() => element.shadowRoot?.querySelector("button")?.click());
    expect((await oneEvent<MimiKnockRequestEvent>(element, "mimi-knock-request")).reason).to.equal("I have a ticket");
  });

  it("does not ask twice while a knock is under way", async () => {
    const element = await fixture<MimiKnock>(html`<mimi-knock pending></mimi-knock>`);
    let asked = 0;
    element.addEventListener("mimi-knock-request", () => {
      asked += 1;
    });
    element.shadowRoot?.querySelector("button")?.click();
    expect(asked).to.equal(0);
  });
});

describe("mimi-join-link", () => {
  for (const [room, address] of [
    ["mimi://rooms.example/r/keynote", "https://rooms.example/r/keynote"],
    ["im:mimi=#keynote@rooms.example", "https://rooms.example/r/keynote"],
  ] as const) {
    it(`opens ${room} on its provider's page`, async () => {
      const element = await fixture<MimiJoinLink>(
        html`<mimi-join-link provider="https://rooms.example/" room=${room}></mimi-join-link>`,
      );
      expect(element.shadowRoot?.querySelector("a")?.href).to.equal(address);
      await expect(element).to.be.accessible();
    });
  }

  it("shows nothing for an address that it does not understand", async () => {
    const element = await fixture<MimiJoinLink>(
      html`<mimi-join-link provider="https://rooms.example" room="javascript:alert(1)"></mimi-join-link>`,
    );
    expect(element.shadowRoot?.querySelector("a")).to.equal(null);
  });
});
