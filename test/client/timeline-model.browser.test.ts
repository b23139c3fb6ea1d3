import { expect } from "@open-wc/testing";
import { TimelineModel } from "../../src/client/timeline-model.js";
import type { TimelineEntry } from "../../src/worker/engine-api.js";

function entry(order: number): TimelineEntry {
  return {
    id: `m${order}`,
    order,
    sender: { userUri: "mimi://p.example/u/g-a", nickname: "Adam", own: false },
    time: 0,
    content: { kind: "text", text: "", format: "plain" },
    status: "sent",
  };
}

describe("TimelineModel", () => {
  it("lets go of the oldest entries when there are very many, and takes them again", () => {
    const model = new TimelineModel();
    const all = Array.from({ length: 2_500 }, (_, order) => entry(order));
    model.merge(all.slice(0, -1), []);
    expect(model.trim()).to.equal(false);
    model.merge(all.slice(-1), []);
    expect(model.trim()).to.equal(true);
    expect([model.oldest, model.entries.length]).to.deep.equal([500, 2_000]);
    model.merge(all.slice(400, 500), []);
    expect([model.oldest, model.entries.length]).to.deep.equal([400, 2_100]);
  });

  it("keeps what was asked for of the past, up to a bound", () => {
    const model = new TimelineModel();
    const all = Array.from({ length: 12_000 }, (_, order) => entry(order));
    model.merge(all.slice(0, 4_000), []);
    model.keep();
    model.merge(all.slice(4_000, 4_499), []);
    expect(model.trim()).to.equal(false);
    model.merge(all.slice(4_499, 4_500), []);
    expect(model.trim()).to.equal(true);
    expect(model.entries.length).to.equal(4_000);
    model.merge(all, []);
    model.keep();
    expect(model.trim()).to.equal(true);
    expect(model.entries.length).to.equal(10_000);
  });
});
