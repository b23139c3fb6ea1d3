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
});
