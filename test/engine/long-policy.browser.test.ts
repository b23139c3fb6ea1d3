import { expect } from "@open-wc/testing";
import { joinAs, makeRoom } from "../support/engine-world.js";
import { inside, refusal, uriOf } from "../support/organising.js";

/** Loggers, each of another provider, whose URIs have 2,000 octets together with what stands before them. */
const loggers = (count: number): string[] =>
  Array.from({ length: count }, (_, n) => `mimi://d${n}.example/d/${"x".repeat(1950)}/l`);

describe("A policy that is too long for a group", () => {
  it("is told to be too long, which trying again does not help, and whoever leads the room can still ban", async () => {
    const owner = await makeRoom();
    const adam = await joinAs("Adam", owner.address);
    await inside(2, owner, adam);
    const { values } = await owner.engine.settings();
    const told = await refusal(owner.engine.changeSettings({ loggingClients: loggers(80) }));
    expect([told.code, told.retry]).to.deep.equal(["tooLarge", false]);
    expect((await owner.engine.settings()).values).to.deep.equal(values);
    await owner.engine.changeStanding(uriOf(adam), "banned");
    await adam.told.until("it is out", ({ state }) => state?.phase === "left");
    expect(owner.faults).to.deep.equal([]);
    for (const { engine } of [owner, adam]) engine.stop();
  });
});
