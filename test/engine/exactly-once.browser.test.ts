import { expect } from "@open-wc/testing";
import { Network } from "../support/engine-network.js";
import { joinAs, makeRoom, say, startEngine } from "../support/engine-world.js";

describe("Every message typed arrives exactly once", () => {
  it("when the answer to a send is lost", async () => {
    const owner = await makeRoom();
    const network = new Network();
    const adam = await joinAs("Adam", owner.address, { ports: network });
    const lost = network.loseAnswer("/submitMessage");
    await say(adam, "once");
    await lost;
    await adam.told.settled();
    await say(adam, "after");
    await owner.told.until("both arrive", ({ texts }) => texts.includes("after"));
    expect(owner.told.texts).to.deep.equal(["once", "after"]);
    await adam.told.settled();
    expect(adam.told.texts).to.deep.equal(["once", "after"]);
    owner.engine.stop();
    adam.engine.stop();
  });

  it("when the engine dies after the answer was lost", async () => {
    const owner = await makeRoom();
    const network = new Network();
    const adam = await joinAs("Adam", owner.address, { browser: "dies", ports: network });
    const lost = network.loseAnswer("/submitMessage").then(() => adam.engine.stop());
    await say(adam, "once");
    await lost;
    const again = await startEngine(owner.address, { browser: "dies" });
    await again.engine.open();
    // The log may have settled it before the engine died.
    again.told.listener({ type: "timeline", entries: await again.engine.older(Number.MAX_SAFE_INTEGER, 10), gone: [] });
    await again.told.until(
      "it is sent",
      ({ texts, timeline }) => texts.length === 1 && timeline.every(({ status }) => status === "sent"),
    );
    await say(again, "after");
    await owner.told.until("both arrive", ({ texts }) => texts.includes("after"));
    expect(owner.told.texts).to.deep.equal(["once", "after"]);
    expect(again.faults).to.deep.equal([]);
    owner.engine.stop();
    again.engine.stop();
  });

  it("when it was typed offline, and others joined meanwhile", async () => {
    const owner = await makeRoom();
    const network = new Network();
    const adam = await joinAs("Adam", owner.address, { ports: network });
    await adam.told.until("online", ({ state }) => state?.connection === "online");
    network.cut();
    const ids = [await say(adam, "one"), await say(adam, "two")];
    await adam.told.until("offline", ({ state }) => state?.connection === "offline");
    const beth = await joinAs("Beth", owner.address);
    await say(beth, "hello");
    await beth.told.settled();
    expect(adam.told.timeline.filter(({ status }) => status !== "sent").map(({ id }) => id)).to.deep.equal(ids);

    network.restore();
    await adam.engine.reconnect();
    await Promise.all(
      [adam, beth, owner].map(({ told }) =>
        told.until("all three are there", ({ texts }) => ["hello", "one", "two"].every((text) => texts.includes(text))),
      ),
    );
    await adam.told.settled();
    expect(adam.told.texts).to.deep.equal(["hello", "one", "two"]);
    expect(beth.told.texts).to.deep.equal(adam.told.texts);
    expect(owner.told.texts).to.deep.equal(adam.told.texts);
    // The message that was sealed for the epoch before is the same message under a new key.
    expect(beth.told.timeline.filter(({ content }) => content.kind === "text").map(({ id }) => id)).to.include.members(
      ids,
    );
    for (const { engine } of [owner, adam, beth]) engine.stop();
  });

  it("when the call is repeated with its salt", async () => {
    const owner = await makeRoom();
    const draft = { text: "once", format: "plain", salt: "AAAAAAAAAAAAAAAAAAAAAA" } as const;
    const first = await owner.engine.send(draft);
    await owner.told.settled();
    expect(await owner.engine.send(draft)).to.equal(first);
    expect(owner.told.texts).to.deep.equal(["once"]);
    owner.engine.stop();
  });
});

describe("One nickname, one seat", () => {
  it("when the answer to the join is lost", async () => {
    const owner = await makeRoom();
    const network = new Network();
    const guest = await startEngine(owner.address, { ports: network });
    await guest.engine.open();
    const lost = network.loseAnswer("/update");
    await guest.engine.join("Adam");
    await lost;
    await owner.told.until("Adam is in", ({ state }) => state?.occupants.length === 2);
    await say(guest, "hello");
    await owner.told.until("heard", ({ texts }) => texts.includes("hello"));
    expect(owner.engine.state.occupants.map(({ nickname, clients }) => [nickname, clients])).to.deep.equal([
      ["Olga", 1],
      ["Adam", 1],
    ]);
    owner.engine.stop();
    guest.engine.stop();
  });

  it("when the engine dies before the answer to the join", async () => {
    const owner = await makeRoom();
    const network = new Network();
    const guest = await startEngine(owner.address, { browser: "dies joining", ports: network });
    await guest.engine.open();
    const lost = network.loseAnswer("/update").then(() => guest.engine.stop());
    const joined = guest.engine.join("Adam").catch((error: unknown) => error);
    await lost;
    expect(await joined).to.be.instanceOf(Error);
    const again = await startEngine(owner.address, { browser: "dies joining" });
    await again.engine.open();
    await again.told.until("joined", ({ state }) => state?.phase === "joined");
    await say(again, "hello");
    await owner.told.until("heard", ({ texts }) => texts.includes("hello"));
    expect(owner.engine.state.occupants.map(({ nickname, clients }) => [nickname, clients])).to.deep.equal([
      ["Olga", 1],
      ["Adam", 1],
    ]);
    owner.engine.stop();
    again.engine.stop();
  });

  it("after a reload, which shows occupants and timeline before the network does", async () => {
    const owner = await makeRoom();
    const adam = await joinAs("Adam", owner.address, { browser: "reloads" });
    await say(owner, "before");
    await adam.told.until("heard", ({ texts }) => texts.includes("before"));
    adam.engine.stop();
    await say(owner, "meanwhile");
    await owner.told.settled();

    const network = new Network();
    network.cut();
    const again = await startEngine(owner.address, { browser: "reloads", ports: network });
    const state = await again.engine.open();
    expect(state.phase).to.equal("joined");
    expect(state.me?.nickname).to.equal("Adam");
    expect(state.occupants.map(({ nickname }) => nickname)).to.deep.equal(["Olga", "Adam"]);
    const stored = await again.engine.older(Number.MAX_SAFE_INTEGER, 50);
    expect(stored.map(({ content }) => content)).to.deep.equal([
      { kind: "joined" },
      { kind: "text", text: "before", format: "plain" },
    ]);
    network.restore();
    await again.engine.reconnect();
    await again.told.until("caught up", ({ texts }) => texts.includes("meanwhile"));
    owner.engine.stop();
    again.engine.stop();
  });
});
