import { expect } from "@open-wc/testing";
import { type Shown, showRoom } from "../../support/show-room.js";
import { states } from "../../support/shown-states.js";

describe("mimi-room-composer", () => {
  beforeEach(() => localStorage.clear());
  after(() => localStorage.clear());

  it("sends markdown with Enter and is empty afterwards", async () => {
    const { room, find, ...shown } = await showRoom(states.joined);
    type(find, "  **hello**  ");
    key(find, { key: "Enter" });
    await shown.drawn();
    expect(room.asked).to.deep.equal(["send markdown **hello**"]);
    expect(find<HTMLTextAreaElement>("textarea").value).to.equal("");
  });

  for (const [title, init] of [
    ["Shift+Enter", { key: "Enter", shiftKey: true }],
    ["Enter that an input method composes with", { key: "Enter", isComposing: true }],
    ["Enter as Safari reports it while composing", { key: "Enter", keyCode: 229 }],
    ["another key", { key: "a" }],
  ] as const) {
    it(`does not send with ${title}`, async () => {
      const { room, find } = await showRoom(states.joined);
      type(find, "hello");
      expect(key(find, init)).to.equal(true);
      expect(room.asked).to.deep.equal([]);
    });
  }

  it("does not send nothing", async () => {
    const { room, find } = await showRoom(states.joined);
    type(find, "  \n ");
    key(find, { key: "Enter" });
    find(".send").click();
    expect(room.asked).to.deep.equal([]);
  });

  it("keeps the focus where one writes after the button sends", async () => {
    const { find, ...shown } = await showRoom(states.joined);
    type(find, "hello");
    find(".send").focus();
    find(".send").click();
    await shown.drawn();
    expect(find("textarea").matches(":focus")).to.equal(true);
  });

  it("keeps a draft over a reload, and forgets it once sent", async () => {
    const first = await showRoom(states.joined);
    type(first.find, "half a thought");
    first.element.remove();
    const second = await showRoom(states.joined);
    expect(second.find<HTMLTextAreaElement>("textarea").value).to.equal("half a thought");
    key(second.find, { key: "Enter" });
    second.element.remove();
    const third = await showRoom(states.joined);
    expect(third.find<HTMLTextAreaElement>("textarea").value).to.equal("");
  });

  it("grows with its text and stops growing before it fills a small room", async () => {
    const { find, drawn } = await showRoom(states.joined, [], { width: 320 });
    const low = find("textarea").offsetHeight;
    type(find, "line\n".repeat(4));
    await drawn();
    const higher = find("textarea").offsetHeight;
    expect(higher).to.be.above(low);
    type(find, "line\n".repeat(200));
    await drawn();
    expect(find("textarea").offsetHeight).to.be.at.most(192);
  });

  it("is usable at 320 px", async () => {
    const { find } = await showRoom(states.joined, [], { width: 320 });
    const { width, height } = find("textarea").getBoundingClientRect();
    expect(width).to.be.above(200);
    expect(height).to.be.at.least(44);
    const send = find(".send").getBoundingClientRect();
    expect(Math.min(send.width, send.height)).to.be.at.least(44);
  });

  it("says why one may not write, and takes nothing", async () => {
    const maySend = { allowed: false, rule: "5.10/no-voice" } as const;
    const { room, find, all } = await showRoom({ ...states.joined, me: { ...states.joined.me, maySend } });
    const field = find<HTMLTextAreaElement>("textarea");
    expect(field.readOnly).to.equal(true);
    expect(field.placeholder).to.include("moderator");
    expect(all(".send")).to.have.length(0);
    key(find, { key: "Enter" });
    expect(room.asked).to.deep.equal([]);
  });

  it("keeps a message that is too long, and says by how much", async () => {
    const { room, find, drawn } = await showRoom(states.joined);
    type(find, "x".repeat(12_005));
    key(find, { key: "Enter" });
    await drawn();
    expect(room.asked).to.deep.equal([]);
    expect(find(".excess").textContent).to.include("5 characters too long");
  });
});

function type(find: Shown["find"], text: string): void {
  const field = find<HTMLTextAreaElement>("textarea");
  field.value = text;
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

/** Whether the browser may do with the key what it does by itself. */
function key(find: Shown["find"], init: KeyboardEventInit & { readonly keyCode?: number }): boolean {
  const event = new KeyboardEvent("keydown", { ...init, bubbles: true, cancelable: true, composed: true });
  return find("textarea").dispatchEvent(event);
}
