import { expect } from "@open-wc/testing";
import { DrawnWindow } from "../../../components/mimi-room-timeline/drawn-window.js";
import type { TimelineEntry } from "../../../src/client/contract.js";

const entry = (order: number, content: TimelineEntry["content"]): TimelineEntry => ({
  id: `m${order}`,
  order,
  sender: { userUri: "mimi://rooms.example/u/g-Ada", nickname: "Ada", own: false },
  time: 0,
  content,
  status: "sent",
});
const text = (order: number) => entry(order, { kind: "text", text: "", format: "plain" });
const joined = (order: number) => entry(order, { kind: "joined" });
const said = Array.from({ length: 1000 }, (_, order) => text(order));

describe("DrawnWindow", () => {
  it("follows the newest entries", () => {
    const drawn = new DrawnWindow();
    expect(drawn.range([])).to.deep.equal({ from: 0, to: 0 });
    expect(drawn.range(said.slice(0, 40))).to.deep.equal({ from: 0, to: 40 });
    expect(drawn.range(said)).to.deep.equal({ from: 850, to: 1000 });
  });

  it("stays where it is when more come at the end, or the past is let go of", () => {
    const drawn = new DrawnWindow();
    drawn.hold(said.slice(0, 500));
    expect(drawn.range(said)).to.deep.equal({ from: 350, to: 500 });
    expect(drawn.range(said.slice(300))).to.deep.equal({ from: 50, to: 200 });
    expect(drawn.range(said.slice(600))).to.deep.equal({ from: 0, to: 150 });
  });

  it("draws more of a short room that grows while somebody reads its beginning", () => {
    const drawn = new DrawnWindow();
    drawn.hold(said.slice(0, 40));
    expect(drawn.range(said.slice(0, 90))).to.deep.equal({ from: 0, to: 90 });
  });

  it("moves up and down by a step, and is never longer than its bound", () => {
    const drawn = new DrawnWindow();
    while (drawn.up(said)) expect(length(drawn)).to.be.at.most(300);
    expect(drawn.range(said)).to.deep.equal({ from: 0, to: 300 });
    drawn.down(said);
    expect(drawn.range(said)).to.deep.equal({ from: 50, to: 350 });
    while (drawn.down(said)) expect(length(drawn)).to.be.at.most(300);
    expect(drawn.range(said)).to.deep.equal({ from: 700, to: 1000 });
  });

  it("counts notices that stand in one line as one", () => {
    const drawn = new DrawnWindow();
    const crowd = [...said.slice(0, 200), ...Array.from({ length: 500 }, (_, n) => joined(200 + n)), text(700)];
    expect(drawn.range(crowd)).to.deep.equal({ from: 52, to: 701 });
    drawn.up(crowd);
    expect(drawn.range(crowd)).to.deep.equal({ from: 2, to: 701 });
  });

  function length(drawn: DrawnWindow): number {
    const { from, to } = drawn.range(said);
    return to - from;
  }
});
