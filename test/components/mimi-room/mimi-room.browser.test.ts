import { expect, oneEvent } from "@open-wc/testing";
import { english } from "../../../components/english.js";
import type { MimiPhaseEvent, MimiProblemEvent } from "../../../components/events.js";
import { RoomError } from "../../../src/client/room-error.js";
import { showRoom } from "../../support/show-room.js";
import { ShownRoom } from "../../support/shown-room.js";
import { entry, states, userUri } from "../../support/shown-states.js";

describe("mimi-room", () => {
  it("mirrors its attributes and properties", async () => {
    const { element } = await showRoom(states.joined);
    element.nickname = "Ada";
    element.setAttribute("worker-src", "/w.js");
    await element.updateComplete;
    expect(element.getAttribute("nickname")).to.equal("Ada");
    expect(element.workerSrc).to.equal("/w.js");
  });

  it("says what is missing when it is told no room", async () => {
    const { element, all } = await showRoom(states.joined);
    element.client = undefined;
    await element.updateComplete;
    await element.updateComplete;
    expect(all("mimi-room-status")).to.have.length(1);
  });

  it("tells the page of every phase", async () => {
    const { element, room } = await showRoom(states.preview);
    setTimeout(() => room.show(states.joined));
    const event = await oneEvent<MimiPhaseEvent>(element, "mimi-phase");
    expect(event.phase).to.equal("joined");
  });

  it("tells the page of new messages, and not of old or changed ones", async () => {
    const { element, room } = await showRoom(states.joined, [entry("Ada", "old")]);
    const told: string[] = [];
    element.addEventListener("mimi-message", ({ entry: { content } }) =>
      told.push(content.kind === "text" ? content.text : ""),
    );
    const fresh = entry("Ada", "new");
    room.say(fresh);
    room.say({ ...fresh, status: "sent" }, entry("Kofi", { kind: "joined" }));
    expect(told).to.deep.equal(["new"]);
  });

  it("tells the page of problems", async () => {
    const { element, room } = await showRoom(states.joined);
    setTimeout(() => room.show({ problem: { code: "outOfSync", retry: true } }));
    const event = await oneEvent<MimiProblemEvent>(element, "mimi-problem");
    expect(event.problem.code).to.equal("outOfSync");
  });

  it("says why a join failed that left the room as it was", async () => {
    const { room, find, drawn } = await showRoom(states.preview);
    room.refusal = { code: "storageUnavailable", retry: true };
    const field = find<HTMLInputElement>("#nickname");
    field.value = "Ada";
    field.dispatchEvent(new InputEvent("input"));
    await drawn();
    find(".join").click();
    await until(() => find("#mistake").textContent?.trim() !== "");
    expect(room.asked.some((asked) => asked.startsWith("join"))).to.equal(true);
  });

  it("hands over again what a page before it took with it, once, as the same message", async () => {
    localStorage.clear();
    const first = await showRoom(states.joined);
    const drafts: (string | undefined)[] = [];
    // The worker goes with its page before the message is on disk: the call never settles.
    first.room.send = ({ salt }) => {
      drafts.push(salt);
      return new Promise(() => {});
    };
    const field = first.find<HTMLTextAreaElement>("textarea");
    field.value = "typed, and gone?";
    field.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true }));
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, composed: true }));
    first.element.remove();

    for (const expected of [1, 1]) {
      const next = await showRoom(states.preview);
      const { room } = next;
      next.room.send = async (draft) => {
        drafts.push(draft.salt);
        return ShownRoom.prototype.send.call(room, draft);
      };
      room.show(states.joined);
      await next.drawn();
      await until(() => drafts.length > expected);
      expect(drafts).to.deep.equal([drafts[0], drafts[0]]);
      next.element.remove();
    }
  });

  it("keeps what its parts ask of it to itself", async () => {
    const { element, find, room } = await showRoom(states.failed);
    let leaked = false;
    element.addEventListener("mimi-room-intent", () => {
      leaked = true;
    });
    find("button").click();
    expect(room.asked).to.deep.equal(["reconnect"]);
    expect(leaked).to.equal(false);
  });

  it("announces new messages of others once, and nothing else", async () => {
    const { room, find, drawn } = await showRoom(states.joined, [entry("Ada", "long ago")]);
    room.say(entry("Ada", "now"), entry("Mira", "mine"), entry("Kofi", { kind: "joined" }));
    const region = find("[aria-live]");
    await until(() => region.textContent?.trim() !== "");
    expect(region.textContent?.trim()).to.equal("Ada: now");
    await drawn();
  });

  for (const kind of ["restored", "diverged"] as const) {
    it(`announces what the host did: ${kind}`, async () => {
      const { room, find } = await showRoom(states.joined);
      room.say(entry("Mira", { kind }));
      const region = find("[aria-live]");
      await until(() => region.textContent?.trim() !== "");
      expect(region.textContent?.trim()).to.equal(english[kind]);
    });
  }

  it("gives a text back that a page before it left behind and that is not taken", async () => {
    const { provider, room: uri } = states.preview;
    const left = { text: "left behind", format: "markdown", salt: "AAAAAAAAAAAAAAAAAAAAAA" };
    localStorage.setItem(`mimi-room/1/unsent/${provider}/${uri}`, JSON.stringify([left]));
    const { room, find, drawn } = await showRoom(states.preview);
    room.refusal = { code: "rateLimited", retry: true };
    room.show(states.joined);
    await until(() => room.asked.length > 0);
    await drawn();
    expect(find<HTMLTextAreaElement>("textarea").value).to.equal("left behind");
    expect(find(".banner").textContent).to.include("a little fast");
    localStorage.clear();
  });

  it("keeps a text for the next composer when the room is left before the text is taken", async () => {
    const { room, find, drawn } = await showRoom(states.joined);
    let refuse = (_: Error) => {};
    room.send = () =>
      new Promise<string>((_, reject) => {
        refuse = reject;
      });
    const field = find<HTMLTextAreaElement>("textarea");
    field.value = "on its way";
    field.dispatchEvent(new InputEvent("input"));
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
    room.show(states.left);
    await drawn();
    refuse(new Error("removed meanwhile"));
    await drawn();
    room.show(states.joined);
    await drawn();
    expect(find<HTMLTextAreaElement>("textarea").value).to.equal("on its way");
    localStorage.clear();
  });

  it("says that older messages could not be loaded", async () => {
    const { element, room, find, drawn } = await showRoom(states.joined);
    room.history = [entry("Ada", "long ago")];
    room.loadOlder = () => Promise.reject(new RoomError({ code: "storageUnavailable", retry: true }));
    const told = oneEvent(element, "mimi-problem");
    room.say(entry("Ada", "now"));
    await drawn();
    find(".scroller").dispatchEvent(new Event("scroll"));
    expect(await told).to.have.nested.property("problem.code", "storageUnavailable");
  });

  it("announces many messages as a number", async () => {
    const { room, find } = await showRoom(states.joined);
    room.say(...["a", "b", "c", "d", "e"].map((text) => entry("Ada", text)));
    const region = find("[aria-live]");
    await until(() => region.textContent?.trim() !== "");
    expect(region.textContent?.trim()).to.equal("5 new messages");
  });

  it("gives the focus to the composer after joining, and to the way back after leaving", async () => {
    const { element, find, room, drawn } = await showRoom(states.preview);
    find(".join").focus();
    room.show(states.joining);
    await drawn();
    room.show(states.joined);
    await drawn();
    await until(() => innermost()?.localName === "textarea");
    room.show(states.left);
    await drawn();
    await until(() => innermost()?.localName === "button");
    expect(document.activeElement).to.equal(element);
  });

  it("leaves only after asking", async () => {
    const { find, room, drawn } = await showRoom(states.joined);
    find(".leave").click();
    await drawn();
    expect(room.asked).to.deep.equal([]);
    expect(innermost()?.className).to.include("stay");
    innermost()?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, composed: true }));
    await drawn();
    expect(innermost()?.className).to.include("leave");
    find(".leave").click();
    await drawn();
    find(".danger").click();
    expect(room.asked).to.deep.equal(["leave"]);
  });

  it("covers the messages with the people on a phone, and gives the focus back", async () => {
    const { find, all, drawn } = await showRoom(states.joined, [], { width: 360 });
    find(".occupants").click();
    await drawn();
    expect(find(".talk").inert).to.equal(true);
    expect(innermost()?.className).to.include("close");
    find(".close").click();
    await drawn();
    expect(all("mimi-room-occupants")).to.have.length(0);
    expect(innermost()?.className).to.include("occupants");
  });

  it("tells two people of one name apart", async () => {
    const double = { ...entry("Ada", "I am Ada"), sender: { userUri: userUri("Other"), nickname: "ADA ", own: false } };
    const { all } = await showRoom(states.joined, [entry("Ada", "I am Ada"), double]);
    const names = all("article bdi").map((name) => name.textContent);
    expect(new Set(names)).to.have.length(2);
    expect(names.every((name) => name?.includes("#"))).to.equal(true);
  });

  it("puts a text that was refused back into the composer, and says why", async () => {
    const { find, room, drawn } = await showRoom(states.joined);
    room.refusal = { code: "storageUnavailable", retry: true };
    const field = find<HTMLTextAreaElement>("textarea");
    field.value = "precious";
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    find(".send").click();
    await drawn();
    await drawn();
    expect(field.value).to.equal("precious");
    expect(find(".banner").textContent).to.include("keeps no data");
  });

  it("offers a reload where a newer version took over, with what was said and without", async () => {
    const inside = await showRoom(states.outdated, [entry("Ada", "hello")]);
    expect(inside.find(".banner").textContent).to.include("newer version");
    expect(inside.find(".banner button").textContent).to.equal("Reload");
    expect(inside.all("textarea")).to.have.length(0);
    const outside = await showRoom(states.outdatedOutside);
    expect(outside.find("[part~=problem] button").textContent).to.equal("Reload");
  });

  it("keeps what a newer version will send, and gives it to nobody twice", async () => {
    const { find, room, drawn } = await showRoom(states.joined);
    room.refusal = { code: "outdated", retry: false };
    const field = find<HTMLTextAreaElement>("textarea");
    field.value = "typed too late";
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    find(".send").click();
    await drawn();
    await drawn();
    expect(field.value).to.equal("");
    room.refusal = undefined;
    room.show({ phase: "left" });
    room.show({ phase: "joined" });
    await drawn();
    await drawn();
    // Once in vain, and once more by the page that was loaded anew.
    expect(room.asked.filter((asked) => asked.includes("typed too late"))).to.have.length(2);
  });

  it("does not call a full disk a lost network", async () => {
    const { find } = await showRoom(states.storageFull);
    expect(find(".banner").textContent).to.include("no room left");
    expect(find(".banner button").textContent).to.equal("Try again");
    expect(find<HTMLTextAreaElement>("textarea").placeholder).to.equal("Write a message");
  });
});

/** What has the focus, through every shadow root. */
function innermost(): Element | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}

/** Waits, frame by frame, for something that is about to be so; the test's time limit ends it. */
async function until(so: () => boolean): Promise<void> {
  while (!so()) await new Promise(requestAnimationFrame);
}
