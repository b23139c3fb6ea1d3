import { expect } from "@open-wc/testing";
import { joinAs, makeRoom, say, startEngine } from "../support/engine-world.js";

describe("Engine", () => {
  it("makes a room and seats its owner", async () => {
    const { told, faults, engine } = await makeRoom({ name: "Keynote" });
    expect(engine.state.phase).to.equal("joined");
    expect(engine.state.preview?.name).to.equal("Keynote");
    expect(engine.state.me?.role).to.equal("owner");
    await told.until("online", ({ state }) => state?.connection === "online");
    expect(faults).to.deep.equal([]);
    engine.stop();
  });

  it("shows a stranger the room before anything else", async () => {
    const owner = await makeRoom({ name: "Keynote" });
    const guest = await startEngine(owner.address);
    const state = await guest.engine.open();
    expect(state.phase).to.equal("preview");
    expect(state.preview?.name).to.equal("Keynote");
    expect(state.preview?.occupantCount).to.equal(1);
    expect(state.preview?.facts[0]).to.deep.equal({ kind: "endToEndEncrypted" });
    owner.engine.stop();
    guest.engine.stop();
  });

  it("lets two talk, ten each way, in one order", async () => {
    const owner = await makeRoom();
    const adam = await joinAs("Adam", owner.address);
    const beth = await joinAs("Beth", owner.address);
    const all = [...Array(10).keys()].flatMap((n) => [`Adam ${n}`, `Beth ${n}`]);
    await Promise.all(all.map((text) => say(text.startsWith("Adam") ? adam : beth, text)));
    await Promise.all(
      [beth, adam, owner].map(({ told }) => told.until("20 texts", ({ texts }) => texts.length === 20)),
    );
    await Promise.all([adam, beth, owner].map(({ told }) => told.settled()));
    expect(adam.told.texts).to.deep.equal(beth.told.texts);
    expect(owner.told.texts).to.deep.equal(beth.told.texts);
    expect([...adam.told.texts].sort()).to.deep.equal(all.sort());
    expect(adam.told.texts.filter((text) => text.startsWith("Adam"))).to.deep.equal(
      [...Array(10).keys()].map((n) => `Adam ${n}`),
    );
    expect([...owner.faults, ...adam.faults, ...beth.faults]).to.deep.equal([]);
    for (const { engine } of [owner, adam, beth]) engine.stop();
  });
});
