import { expect } from "@open-wc/testing";
import { network as real } from "../../src/transport/network.js";
import type { Fetch } from "../../src/transport/ports.js";
import { Network } from "../support/engine-network.js";
import { joinAs, makeRoom, say, startEngine } from "../support/engine-world.js";

describe("Leaving", () => {
  it("takes the client out by another's commit, and deletes its seat", async () => {
    const owner = await makeRoom();
    const adam = await joinAs("Adam", owner.address, { browser: "leaves" });
    await owner.told.until("Adam is in", ({ state }) => state?.occupants.length === 2);
    await adam.engine.leave();
    expect(adam.engine.state.phase).to.equal("left");
    expect(adam.engine.state.me).to.equal(undefined);
    await owner.told.until("Adam is out", ({ state }) => state?.occupants.length === 1);
    expect(owner.told.timeline.map(({ content, sender }) => [content.kind, sender.nickname])).to.deep.equal([
      ["joined", "Olga"],
      ["joined", "Adam"],
      ["left", "Adam"],
    ]);
    adam.engine.stop();

    const again = await startEngine(owner.address, { browser: "leaves" });
    const state = await again.engine.open();
    expect(state.phase).to.equal("preview");
    expect(state.suggestedNickname).to.equal("Adam");
    expect(await again.engine.older(Number.MAX_SAFE_INTEGER, 50)).to.deep.equal([]);
    await again.engine.join("Adam");
    await say(again, "back");
    await owner.told.until("heard", ({ texts }) => texts.includes("back"));
    expect([...owner.faults, ...again.faults]).to.deep.equal([]);
    owner.engine.stop();
    again.engine.stop();
  });

  it("is committed by the next who joins, when nobody else is there", async () => {
    const owner = await makeRoom({ browser: "sleeps" });
    const adam = await joinAs("Adam", owner.address);
    owner.engine.stop();
    await adam.engine.leave();
    adam.engine.stop();
    const beth = await joinAs("Beth", owner.address);
    expect(beth.engine.state.occupants.map(({ nickname }) => nickname)).to.have.members(["Olga", "Beth"]);
    const again = await startEngine(owner.address, { browser: "sleeps" });
    await again.engine.open();
    await again.told.until(
      "caught up",
      ({ state }) => state?.occupants.some(({ nickname }) => nickname === "Beth") ?? false,
    );
    await say(again, "hello");
    await beth.told.until("heard", ({ texts }) => texts.includes("hello"));
    beth.engine.stop();
    again.engine.stop();
  });

  it("of a room that was renamed meanwhile leads back in by its new name, without asking", async () => {
    const owner = await makeRoom({ name: "Called so" });
    const adam = await startEngine(owner.address, { browser: "back after a rename" });
    await adam.engine.open();
    await adam.engine.join("Adam");
    await owner.told.until("Adam is in", ({ state }) => state?.occupants.length === 2);
    await owner.engine.rename("Called otherwise");
    await adam.told.until("it is heard", ({ state }) => state?.preview?.name === "Called otherwise");
    await adam.engine.leave();
    expect(adam.engine.state.preview?.name).to.equal("Called otherwise");
    await owner.told.until("Adam is out", ({ state }) => state?.occupants.length === 1);
    await adam.engine.join("Adam");
    expect(adam.engine.state.phase).to.equal("joined");
    owner.engine.stop();
    adam.engine.stop();
  });

  it("closes the group of the last, and whoever comes next starts another under the same policy", async () => {
    const owner = await makeRoom({ name: "Lasting" });
    await owner.engine.leave();
    expect(owner.engine.state.phase).to.equal("left");
    owner.engine.stop();
    const adam = await joinAs("Adam", owner.address);
    expect(adam.engine.state.preview?.name).to.equal("Lasting");
    const beth = await joinAs("Beth", owner.address);
    await say(beth, "hello");
    await adam.told.until("heard", ({ texts }) => texts.includes("hello"));
    adam.engine.stop();
    beth.engine.stop();
  });

  it("lets all leave at once: the last one commits the others' leaving and closes the group", async () => {
    const owner = await makeRoom();
    const adam = await joinAs("Adam", owner.address);
    await owner.told.until("Adam is in", ({ state }) => state?.occupants.length === 2);
    await Promise.all([owner.engine.leave(), adam.engine.leave()]);
    expect([owner.engine.state.phase, adam.engine.state.phase]).to.deep.equal(["left", "left"]);
    const beth = await joinAs("Beth", owner.address);
    expect(beth.engine.state.occupants.map(({ nickname }) => nickname)).to.deep.equal(["Beth"]);
    for (const { engine } of [owner, adam, beth]) engine.stop();
  });

  it("lets several start the next group at once: one does, also when its answer is lost, and the others join it", async () => {
    const owner = await makeRoom();
    await owner.engine.leave();
    owner.engine.stop();
    const network = new Network();
    const first = startEngine(owner.address, { ports: network });
    const guests = await Promise.all([first, startEngine(owner.address), startEngine(owner.address)]);
    for (const { engine } of guests) await engine.open();
    const lost = network.loseAnswer("/group");
    await Promise.all(guests.map(({ engine }, n) => engine.join(`Guest ${n}`)));
    await lost;
    await Promise.all(guests.map((guest, n) => say(guest, `I am ${n}`)));
    await Promise.all(guests.map(({ told }) => told.until("all are heard", ({ texts }) => texts.length === 3)));
    for (const { engine } of guests) expect(engine.state.occupants).to.have.lengthOf(3);
    for (const { engine } of guests) engine.stop();
  });

  it("takes what was never sent away with the seat", async () => {
    const owner = await makeRoom();
    const network = new Network();
    const adam = await joinAs("Adam", owner.address, { ports: network });
    await adam.told.until("online", ({ state }) => state?.connection === "online");
    network.tamperRequests((path, body) => (path.endsWith("/submitMessage") ? Uint8Array.of(0) : body));
    await say(adam, "never sent");
    await adam.told.until("it failed", ({ timeline }) => timeline.some(({ status }) => status === "failed"));
    await adam.engine.leave();
    expect(adam.told.timeline.map(({ content }) => content.kind)).to.deep.equal(["joined"]);
    owner.engine.stop();
    adam.engine.stop();
  });

  it("lets those who stay go on speaking at once", async () => {
    const owner = await makeRoom();
    const adam = await joinAs("Adam", owner.address);
    const beth = await joinAs("Beth", owner.address);
    await beth.told.until("online", ({ state }) => state?.connection === "online");
    await adam.engine.leave();
    await say(beth, "and now");
    await say(owner, "we go on");
    await Promise.all([owner, beth].map(({ told }) => told.until("both are there", ({ texts }) => texts.length === 2)));
    await Promise.all(
      [owner, beth].map(({ told }) => told.until("two are in", ({ state }) => state?.occupants.length === 2)),
    );
    expect(owner.told.texts).to.deep.equal(beth.told.texts);
    for (const { engine } of [owner, adam, beth]) engine.stop();
  });

  it("ends a repair that is under way, so that who comes back hears again", async () => {
    const owner = await makeRoom();
    const asked = latch();
    const left = latch();
    // A message that was under way when the seat ended is refused, and the repair that this begins is late to ask.
    const fetch: Fetch = async (url, init) => {
      const { pathname } = new URL(url);
      if (!left.isOpen && pathname.endsWith("/submitMessage"))
        return Response.json({ code: "notSeated", message: "no seat in this room" }, { status: 403 });
      if (!left.isOpen && pathname.endsWith("/events")) {
        asked.open();
        await left.opened;
        return Response.json({ code: "notSeated", message: "no seat in this room" }, { status: 403 });
      }
      return await real.fetch(url, init);
    };
    const adam = await joinAs("Adam", owner.address, { ports: { fetch } });
    await adam.told.until("online", ({ state }) => state?.connection === "online");
    await say(adam, "never arrives");
    await asked.opened;
    await adam.engine.leave();
    left.open();
    await adam.engine.reconnect();
    await adam.engine.join("Adam");
    await owner.told.until("Adam is back", ({ state }) => state?.occupants.length === 2);
    await say(owner, "welcome back");
    await adam.told.until("heard", ({ texts }) => texts.includes("welcome back"));
    expect(adam.faults).to.deep.equal([]);
    owner.engine.stop();
    adam.engine.stop();
  });
});

function latch(): { readonly isOpen: boolean; readonly opened: Promise<void>; open(): void } {
  let open = () => {};
  let isOpen = false;
  const opened = new Promise<void>((resolve) => {
    open = () => {
      isOpen = true;
      resolve();
    };
  });
  return {
    opened,
    open: () => open(),
    get isOpen() {
      return isOpen;
    },
  };
}
