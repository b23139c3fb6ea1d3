import { expect } from "@open-wc/testing";
import { type Shown, showRoom } from "../../support/show-room.js";
import { entry, states } from "../../support/shown-states.js";

const many = (count: number, name = "Ada"): ReturnType<typeof entry>[] =>
  Array.from({ length: count }, (_, at) => entry(name, `message ${at}`));

describe("mimi-room-timeline", () => {
  beforeEach(() => localStorage.clear());
  after(() => localStorage.clear());

  it("opens at the newest message and stays there when more come", async () => {
    const { room, find, drawn } = await showRoom(states.joined, many(60));
    expect(left(find)).to.be.below(2);
    room.say(...many(3));
    await drawn();
    expect(left(find)).to.be.below(2);
  });

  it("stays at the newest message when what is drawn shrinks and grows again unseen", async () => {
    const { room, find, drawn, element } = await showRoom(states.joined, many(60));
    const all = room.entries;
    room.entries = all.slice(0, 40);
    room.say();
    await element.updateComplete;
    // The browser moves a scroller whose content got too short when it next lays it out.
    expect(find(".scroller").scrollHeight).to.be.above(0);
    room.say(...all.slice(40));
    await drawn();
    expect(left(find)).to.be.below(2);
  });

  it("stays where one reads when more come, and leads back to the newest", async () => {
    const { room, find, all, drawn } = await showRoom(states.joined, many(60));
    const scroller = find(".scroller");
    scroller.scrollTop = 900;
    await drawn();
    room.say(...many(2));
    await drawn();
    expect(scroller.scrollTop).to.be.closeTo(900, 2);
    expect(find(".jump").textContent).to.include("2 new messages");
    find(".jump").click();
    await drawn();
    expect(left(find)).to.be.below(2);
    expect(all(".jump")).to.have.length(0);
  });

  it("keeps its place when older messages load", async () => {
    const { room, find, all, drawn } = await showRoom(states.joined, many(40));
    room.history = many(50, "Kofi").map((older, at) => ({ ...older, order: at - 1000 }));
    room.show({});
    await drawn();
    const scroller = find(".scroller");
    scroller.scrollTop = 300;
    const top = topMessage(all);
    const before = top.getBoundingClientRect().top;
    await drawn();
    await drawn();
    expect(all("mimi-room-message")).to.have.length(90);
    expect(top.getBoundingClientRect().top).to.be.closeTo(before, 3);
  });

  it("goes to the newest message when one writes", async () => {
    const { room, find, drawn } = await showRoom(states.joined, many(60));
    find(".scroller").scrollTop = 0;
    await drawn();
    room.say(entry("Mira", "mine", { status: "sending", order: 1e9 }));
    await drawn();
    expect(left(find)).to.be.below(2);
  });

  it("marks where new messages begin, until one writes", async () => {
    const { room, find, all, drawn } = await showRoom(states.joined, many(60));
    find(".scroller").scrollTop = 0;
    await drawn();
    room.say(...many(2, "Kofi"));
    await drawn();
    expect(all(".new")).to.have.length(1);
    const rows = all("[data-row]");
    expect(rows.indexOf(find(".new"))).to.equal(rows.length - 3);
    room.say(entry("Mira", "mine"));
    await drawn();
    expect(all(".new")).to.have.length(0);
  });

  it("draws a long past a piece at a time", async () => {
    const { find, all, drawn } = await showRoom(states.joined, many(500));
    expect(all("mimi-room-message")).to.have.length(150);
    find(".scroller").scrollTop = 0;
    await drawn();
    await drawn();
    expect(all("mimi-room-message").length).to.be.above(150);
  });

  it("draws no more of a very long past than a bounded piece, up to its first message and back", async () => {
    const { find, all, drawn } = await showRoom(states.joined, many(900));
    const scroller = find(".scroller");
    const most = await walk(scroller, all, drawn, () => (scroller.scrollTop = 0));
    expect(textOf(all("mimi-room-message")[0])).to.include("message 0");
    const mostBack = await walk(scroller, all, drawn, () => (scroller.scrollTop = scroller.scrollHeight));
    expect(textOf(all("mimi-room-message").at(-1))).to.include("message 899");
    expect(left(find)).to.be.below(2);
    expect(Math.max(most, mostBack)).to.be.at.most(300);
  });

  it("leaves nothing behind of a message that goes from what is drawn", async () => {
    const { room, find, drawn } = await showRoom(states.joined, many(400));
    const before = find("ol").childNodes.length;
    for (let burst = 0; burst < 10; burst++) {
      room.say(...many(30));
      await drawn();
    }
    expect(find("ol").childNodes.length).to.equal(before);
  });

  it("keeps what is read where it is while rows go at the other end", async () => {
    const { find, all, drawn } = await showRoom(states.joined, many(900));
    const scroller = find(".scroller");
    for (let step = 0; step < 8; step++) {
      scroller.scrollTop = 200;
      await drawn();
    }
    scroller.scrollTop = 390;
    const top = topMessage(all);
    const before = top.getBoundingClientRect().top;
    await drawn();
    await drawn();
    expect(top.isConnected).to.equal(true);
    expect(top.getBoundingClientRect().top).to.be.closeTo(before, 3);
    expect(all("mimi-room-message").length).to.be.at.most(300);
  });

  it("stays where one reads while hundreds come, and the End key leads to the newest", async () => {
    const { room, find, all, drawn } = await showRoom(states.joined, many(400));
    const scroller = find(".scroller");
    scroller.scrollTop = 1000;
    await drawn();
    const top = topMessage(all);
    const before = top.getBoundingClientRect().top;
    for (let burst = 0; burst < 10; burst++) {
      room.say(...many(60, "Kofi"));
      await drawn();
    }
    expect(top.getBoundingClientRect().top).to.be.closeTo(before, 3);
    expect(find(".jump").textContent).to.include("600 new messages");
    expect(all("mimi-room-message").length).to.be.at.most(300);
    scroller.dispatchEvent(new KeyboardEvent("keydown", { key: "End", bubbles: true, cancelable: true }));
    await drawn();
    expect(left(find)).to.be.below(2);
    expect(all(".jump")).to.have.length(0);
    expect(all("mimi-room-message")).to.have.length(150);
  });

  it("draws the mark for new messages where they begin, not where what is drawn begins", async () => {
    const { room, find, all, drawn } = await showRoom(states.joined, many(60));
    find(".scroller").scrollTop = 0;
    await drawn();
    room.say(...many(400, "Kofi"));
    await drawn();
    expect(all(".new")).to.have.length(1);
    find(".jump").click();
    await drawn();
    expect(all("mimi-room-message")).to.have.length(150);
    expect(all(".new")).to.have.length(0);
  });

  it("puts messages of one sender together, and notices of a kind in one line", async () => {
    const { all } = await showRoom(states.joined, [
      entry("Ada", { kind: "joined" }),
      entry("Kofi", { kind: "joined" }),
      entry("Ines", { kind: "joined" }),
      entry("Ada", "one"),
      entry("Ada", "two"),
      entry("Kofi", "three"),
    ]);
    expect(all(".notice").map((notice) => notice.textContent?.trim())).to.deep.equal(["Ada and 2 others joined"]);
    expect(all("mimi-room-message").map((message) => message.matches("[first]"))).to.deep.equal([true, false, true]);
  });

  it("says what the host of the room did, and nobody's name", async () => {
    const { all } = await showRoom(states.joined, [
      entry("Ada", "one"),
      entry("Ada", { kind: "diverged" }),
      entry("Kofi", { kind: "diverged" }),
      entry("Ada", "two"),
      entry("Kofi", { kind: "restored" }),
    ]);
    const lines = all(".notice").map((notice) => notice.textContent?.trim() ?? "");
    expect(lines).to.have.lengthOf(2);
    expect(lines[0]).to.match(/^It looks as if the host of this room does not show everybody the same/);
    expect(lines[1]).to.match(/^The host of this room went back to an earlier copy/);
    for (const line of lines) expect(line).to.not.match(/Ada|Kofi/);
  });

  it("separates days, and tells the exact time on hover", async () => {
    const day = 24 * 60 * 60_000;
    const { all, find } = await showRoom(states.joined, [
      entry("Ada", "then", { time: Date.now() - day }),
      entry("Ada", "now", { time: Date.now() }),
    ]);
    expect(all(".day").map((line) => line.textContent)).to.deep.equal(["Yesterday", "Today"]);
    expect(find("time").getAttribute("datetime")).to.match(/^\d{4}-\d\d-\d\dT.*Z$/);
    expect(find("time").title).to.match(/\d{4}/);
  });

  it("offers to send a failed message again, or to let it go", async () => {
    const failed = entry("Mira", "lost", { status: "failed", problem: { code: "rateLimited", retry: true } });
    const { all, room } = await showRoom(states.joined, [failed]);
    for (const button of all(".failure button")) button.click();
    expect(room.asked).to.deep.equal([`retry ${failed.id}`, `discard ${failed.id}`]);
  });

  it("offers only to let it go where sending again cannot help", async () => {
    const lost = entry("Mira", "lost", { status: "failed", problem: { code: "removed", retry: false } });
    const { all, room } = await showRoom(states.removed, [lost]);
    for (const button of all(".failure button")) button.click();
    expect(room.asked).to.deep.equal([`discard ${lost.id}`]);
  });

  it("draws a message anew when it is sent, and does not lose it", async () => {
    const waiting = entry("Mira", "hello", { status: "waiting", order: 1e9 });
    const { room, all, drawn } = await showRoom(states.joined, [waiting]);
    expect(all("article.waiting")).to.have.length(1);
    room.say({ ...waiting, status: "sent", order: 1e6 });
    await drawn();
    expect(all("article.sent")).to.have.length(1);
    expect(all("mimi-room-message")).to.have.length(1);
  });
});

/** How far the newest message is below what is seen, in pixels. */
function left(find: Shown["find"]): number {
  const scroller = find(".scroller");
  return scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;
}

/** Scrolls until nothing more comes. Resolves with the most messages that were drawn on the way. */
async function walk(
  scroller: HTMLElement,
  all: Shown["all"],
  drawn: Shown["drawn"],
  scroll: () => void,
): Promise<number> {
  let most = 0;
  for (let ends = ""; ; ) {
    scroll();
    await drawn();
    await drawn();
    const messages = all("mimi-room-message");
    most = Math.max(most, messages.length);
    const reached = `${textOf(messages[0])} ${textOf(messages.at(-1))} ${scroller.scrollTop}`;
    if (reached === ends) return most;
    ends = reached;
  }
}

function textOf(message: HTMLElement | undefined): string {
  return message?.shadowRoot?.querySelector("[part~=bubble]")?.textContent?.trim() ?? "";
}

function topMessage(all: Shown["all"]): HTMLElement {
  const messages = all("mimi-room-message");
  const top = messages.find((message) => message.getBoundingClientRect().top > 150) ?? messages[0];
  if (top === undefined) throw new Error("no message");
  return top;
}
