import { expect } from "@open-wc/testing";
import { type Shown, showRoom } from "../../support/show-room.js";
import { organised } from "../../support/shown-organised.js";
import { conversation, states, userUri } from "../../support/shown-states.js";

const kofi = userUri("Kofi");

/** The people of a room, with an organiser's tools. */
async function openPeople(): Promise<Shown> {
  const shown = await showRoom(states.organising, conversation());
  shown.find(".occupants").click();
  await shown.appears(".rules");
  return shown;
}

async function openPerson(shown: Shown): Promise<void> {
  shown.find(`[data-user="${kofi}"]`).click();
  await shown.appears(".deed");
}

function press(target: HTMLElement, key: string): void {
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true }));
}

function focused(): Element | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}

const textOf = (element: Element): string => (element.textContent ?? "").replaceAll(/\s+/g, " ").trim();

describe("the organisers' tools", () => {
  it("are not offered to anybody else, nor about oneself", async () => {
    const visitor = await showRoom(states.joined, conversation());
    visitor.find(".occupants").click();
    await visitor.drawn();
    expect(visitor.all(".person")).to.have.length(0);
    expect(visitor.all("mimi-room-organiser")).to.have.length(0);

    const { all } = await openPeople();
    expect(all(".person")).to.have.length(states.organising.occupants.length - 1);
    for (const button of all(".person")) {
      expect(button.getBoundingClientRect().width).to.be.at.least(44);
      expect(button.getBoundingClientRect().height).to.be.at.least(44);
    }
  });

  it("do at once what can be undone, and undo it", async () => {
    const shown = await openPeople();
    await openPerson(shown);
    shown.find("[data-deed=makeAdmin]").click();
    const undo = await shown.appears<HTMLElement>(".undo");
    expect(shown.room.asked).to.deep.equal([`changeStanding ${kofi} admin`]);
    expect(textOf(shown.find(".told"))).to.include("Kofi is a moderator now.");
    undo.click();
    await shown.drawn();
    expect(shown.room.asked.at(-1)).to.equal(`changeStanding ${kofi} none`);
    expect(textOf(shown.find(".told"))).to.equal("Undone: Kofi is what they were before.");
  });

  it("ask before a ban, which the toast takes back", async () => {
    const shown = await openPeople();
    await openPerson(shown);
    shown.find("[data-deed=ban]").click();
    await shown.appears(".ask");
    expect(shown.room.asked).to.deep.equal([]);
    expect(textOf(shown.find(".ask"))).to.include("Out now, with all devices, and cannot come back.");
    shown.find(".ask .danger").click();
    (await shown.appears<HTMLElement>(".undo")).click();
    await shown.drawn();
    expect(shown.room.asked).to.deep.equal([`changeStanding ${kofi} banned`, `changeStanding ${kofi} none`]);
  });

  it("offer no way back from a removal, since there is none", async () => {
    const shown = await openPeople();
    await openPerson(shown);
    shown.find("[data-deed=kick]").click();
    (await shown.appears<HTMLElement>(".ask .danger")).click();
    await shown.appears(".told span");
    expect(shown.room.asked).to.deep.equal([`kick ${kofi}`]);
    expect(shown.all(".undo")).to.have.length(0);
  });

  it("can be left by Escape, a step at a time, and the focus goes back where it came from", async () => {
    const shown = await openPeople();
    await openPerson(shown);
    expect(focused()?.classList.contains("back"), "the focus is on the way back").to.equal(true);
    shown.find("[data-deed=ban]").click();
    const cancel = await shown.appears<HTMLElement>(".cancel");
    await shown.drawn();
    expect(focused()).to.equal(cancel);
    press(cancel, "Escape");
    await shown.drawn();
    expect(focused()).to.equal(shown.find("[data-deed=ban]"));
    press(shown.find("[data-deed=ban]"), "Escape");
    await shown.drawn();
    expect(focused()).to.equal(shown.find(`[data-user="${kofi}"]`));
    shown.find(".banned").click();
    await shown.drawn();
    press(shown.find(".back"), "Escape");
    await shown.drawn();
    expect(focused()).to.equal(shown.find(".banned"));
  });

  it("say beside a deed why it was refused, in plain words", async () => {
    const shown = await openPeople();
    await openPerson(shown);
    shown.room.refusal = { code: "notAllowed", rule: "5.7/outranked", retry: false };
    shown.find("[data-deed=kick]").click();
    (await shown.appears<HTMLElement>(".ask .danger")).click();
    const mistake = await shown.appears<HTMLElement>("li .mistake");
    expect(textOf(mistake)).to.equal("A moderator does not remove an owner, and nobody removes the host.");
    expect(shown.all(".ask"), "the question stays").to.have.length(1);
  });

  it("lock the room down with one tap, and open it with another", async () => {
    const shown = await openPeople();
    const lock = await shown.appears<HTMLElement>(".lock");
    expect(textOf(lock)).to.equal("Lock down");
    const { settings } = organised;
    shown.room.organised = { ...organised, settings: { ...settings, values: { ...settings.values, lockdown: true } } };
    lock.click();
    await shown.drawn();
    expect(shown.room.asked).to.deep.equal(['changeSettings {"lockdown":true}']);
    expect(textOf(shown.find(".told"))).to.equal("The room is locked down.");
    expect(textOf(shown.find(".lock"))).to.equal("End lockdown");
    shown.find(".lock").click();
    await shown.drawn();
    expect(shown.room.asked.at(-1)).to.equal('changeSettings {"lockdown":false}');
  });

  it("take back a ban from the list of the banned", async () => {
    const shown = await openPeople();
    shown.find(".banned").click();
    const unban = await shown.appears<HTMLElement>("mimi-organiser-banned button, ul.banned button");
    expect(unban.getAttribute("aria-label")).to.match(/^Unban: /);
    unban.click();
    await shown.appears(".told span");
    expect(shown.room.asked).to.deep.equal([`changeStanding ${userUri("Mallory")} none`]);
  });
});

describe("the room's rules as a form", () => {
  async function openRules(): Promise<Shown> {
    const shown = await openPeople();
    shown.find(".rules").click();
    await shown.appears("form dl, form .review");
    return shown;
  }

  it("lets one set what one may change, and shows the rest as text", async () => {
    const shown = await showRoom(states.organising, conversation());
    const { settings } = organised;
    shown.room.organised = { ...organised, settings: { ...settings, mayChange: ["name", "moderated"] } };
    shown.find(".occupants").click();
    await shown.appears(".rules");
    shown.find(".rules").click();
    await shown.appears("form .review");
    expect(shown.all(".question .field, .switch input").map(({ id }) => id)).to.deep.equal(["name", "moderated"]);
    expect(textOf(shown.find("dl"))).to.include("Who may join Anyone with the link");
    expect(shown.all(".lock"), "who may not lock is not offered it").to.have.length(0);
  });

  it("says what a change does, and to whom, before it is saved", async () => {
    const shown = await openRules();
    shown.find(".review").click();
    await shown.drawn();
    expect(textOf(shown.find(".mistake"))).to.equal("Nothing is changed yet.");
    shown.find("#moderated").click();
    shown.find(".review").click();
    await shown.appears(".sentences");
    expect(shown.room.asked).to.deep.equal(['explain {"moderated":true}']);
    expect(shown.all(".sentences li").map(textOf)).to.deep.equal([
      "Kofi is taken out of the room.",
      "Ada, Mira and نور can only read from now on.",
      "Newcomers are told: “You can read along; a moderator gives you the right to write.”",
      "Newcomers are told: “This room is logged by Minutes Ltd.”",
    ]);
    shown.find(".save").click();
    await shown.appears(".told span");
    expect(shown.room.asked.at(-1)).to.equal('changeSettings {"moderated":true}');
  });

  it("keeps what was typed when it is refused", async () => {
    const shown = await openRules();
    const name = shown.find<HTMLInputElement>("#name");
    name.value = "Another name";
    name.dispatchEvent(new InputEvent("input"));
    shown.find(".review").click();
    await shown.appears(".save");
    shown.room.refusal = { code: "rateLimited", retry: true };
    shown.find(".save").click();
    const mistake = await shown.appears<HTMLElement>(".effects .mistake");
    expect(textOf(mistake)).to.include("wait a moment");
    shown.find(".edit").click();
    await shown.drawn();
    expect(shown.find<HTMLInputElement>("#name").value).to.equal("Another name");
  });

  it("is not saved when it does more by now than was said, but shown anew", async () => {
    const shown = await openRules();
    shown.find("#moderated").click();
    shown.find(".review").click();
    await shown.appears(".sentences");
    const [removed, ...rest] = organised.explained.effects;
    expect(removed?.kind).to.equal("removed");
    const more = { kind: "removed", users: [kofi, userUri("Ada")] } as const;
    shown.room.organised = { ...organised, explained: { allowed: { allowed: true }, effects: [more, ...rest] } };
    shown.find(".save").click();
    const mistake = await shown.appears<HTMLElement>(".effects .mistake");
    expect(textOf(mistake)).to.equal("The room changed meanwhile. This is what your change does now.");
    expect(textOf(shown.find(".sentences li"))).to.equal("Kofi and Ada are taken out of the room.");
    expect(shown.room.asked.filter((what) => what.startsWith("changeSettings"))).to.deep.equal([]);
    shown.room.organised = { ...organised, explained: { allowed: { allowed: true }, effects: rest } };
    shown.find(".save").click();
    await shown.appears(".told span");
    expect(shown.room.asked.at(-1), "what does less is saved").to.equal('changeSettings {"moderated":true}');
  });

  it("does not offer to save what the rules forbid, and says why", async () => {
    const shown = await openRules();
    shown.room.organised = {
      ...organised,
      explained: { allowed: { allowed: false, rule: "5.11/no-moderator-inside" }, effects: [] },
    };
    shown.find("#discoverable").click();
    shown.find(".review").click();
    const mistake = await shown.appears<HTMLElement>(".effects .mistake");
    expect(textOf(mistake)).to.equal("An owner or a moderator has to stay inside.");
    expect(shown.all(".save")).to.have.length(0);
  });

  it("asks about knocking only where there is a list", async () => {
    const shown = await openRules();
    expect(shown.all("#knockAllowed")).to.have.length(0);
    const style = shown.find<HTMLSelectElement>("#membershipStyle");
    style.value = "members_only";
    style.dispatchEvent(new Event("change"));
    (await shown.appears<HTMLElement>("#knockAllowed")).click();
    shown.find(".review").click();
    await shown.appears(".sentences");
    expect(shown.room.asked).to.deep.equal(['explain {"membershipStyle":"members_only","knockAllowed":true}']);
  });
});
