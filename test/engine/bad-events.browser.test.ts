import { expect } from "@open-wc/testing";
import { roomEvent, submitMessageRequest } from "../../src/codec/hub-messages.js";
import { decode, encode } from "../../src/codec/tls.js";
import { peekMessage } from "../../src/mls/peek.js";
import { takeSeatDatabase } from "../../src/storage/seat-database.js";
import { network as real } from "../../src/transport/network.js";
import type { Fetch } from "../../src/transport/ports.js";
import { Network } from "../support/engine-network.js";
import { joinAs, makeRoom, say, startEngine } from "../support/engine-world.js";
import { fastClock } from "../support/fast-clock.js";

describe("A bad event", () => {
  it("does not stop the stream: a message that nobody can decrypt", async () => {
    const owner = await makeRoom();
    const network = new Network();
    const mallory = await joinAs("Mallory", owner.address, { ports: network });
    await owner.told.until("Mallory is in", ({ state }) => state?.occupants.length === 2);
    network.tamperRequests((path, body) => {
      if (!path.endsWith("/submitMessage")) return body;
      const request = decode(submitMessageRequest, body);
      const appMessage = new Uint8Array(request.appMessage);
      appMessage.set([(appMessage.at(-1) ?? 0) ^ 1], appMessage.length - 1);
      return encode(submitMessageRequest, { ...request, appMessage });
    });
    await say(mallory, "garbled");
    await mallory.told.settled();
    network.tamperRequests((_, body) => body);
    await say(mallory, "clear");
    await owner.told.until("the next is heard", ({ texts }) => texts.includes("clear"));
    expect(owner.told.texts).to.deep.equal(["clear"]);
    expect(owner.faults.map(({ where }) => where)).to.deep.equal(["receive"]);
    await say(owner, "answer");
    await mallory.told.until("the answer is heard", ({ texts }) => texts.includes("answer"));
    owner.engine.stop();
    mallory.engine.stop();
  });

  it("does not stop the stream: frames that are no events, another room's, and the same again", async () => {
    const owner = await makeRoom();
    const network = new Network();
    const adam = await joinAs("Adam", owner.address, { ports: network });
    network.tamperEvents((event, frame) => [
      Uint8Array.of(0xff, 0xff),
      frame.subarray(0, frame.length - 1),
      encode(roomEvent, { ...event, room: "mimi://elsewhere.example/r/other" }),
      frame,
      frame,
    ]);
    await adam.told.until("online", ({ state }) => state?.connection === "online");
    for (const text of ["one", "two", "three"]) await say(owner, text);
    await adam.told.until("three are there", ({ texts }) => texts.length === 3);
    expect(adam.told.texts).to.deep.equal(["one", "two", "three"]);
    expect(adam.engine.state.problem).to.equal(undefined);
    owner.engine.stop();
    adam.engine.stop();
  });

  it("is not what a good one is taken for while the disk cannot be read", async () => {
    const owner = await makeRoom();
    let failures = 0;
    const adam = await joinAs("Adam", owner.address, {
      ports: {
        async takeSeat(name) {
          const database = await takeSeatDatabase(name);
          const entry = async (id: string) => {
            if (failures-- > 0) throw new DOMException("The disk failed.", "UnknownError");
            return database.entry(id);
          };
          return { ...database, entry };
        },
      },
    });
    await adam.told.until("online", ({ state }) => state?.connection === "online");
    failures = 1;
    await say(owner, "heard all the same");
    await adam.told.until("heard", ({ texts }) => texts.includes("heard all the same"));
    expect(failures).to.be.lessThan(1);
    await say(owner, "and the next");
    await adam.told.until("heard", ({ texts }) => texts.includes("and the next"));
    expect(adam.told.texts).to.deep.equal(["heard all the same", "and the next"]);
    for (const { engine } of [owner, adam]) engine.stop();
  });

  it("leaves a gap that is fetched, when the socket swallows it", async () => {
    const owner = await makeRoom();
    const network = new Network();
    const adam = await joinAs("Adam", owner.address, { ports: network });
    let swallowed = 0;
    network.tamperEvents((_, frame) => (swallowed++ === 0 ? [] : [frame]));
    await adam.told.until("online", ({ state }) => state?.connection === "online");
    for (const text of ["one", "two"]) await say(owner, text);
    await adam.told.until("both are there", ({ texts }) => texts.length === 2);
    expect(adam.told.texts).to.deep.equal(["one", "two"]);
    owner.engine.stop();
    adam.engine.stop();
  });

  it("that is a broken commit puts the client out of step, and it comes back by joining again", async () => {
    const owner = await makeRoom();
    const network = new Network();
    const adam = await joinAs("Adam", owner.address, { ports: network });
    await adam.told.until("online", ({ state }) => state?.connection === "online");
    network.tamperEvents((event, frame) => {
      if (peekMessage(event.message).contentType !== "commit") return [frame];
      const message = new Uint8Array(event.message);
      message.set([(message.at(-1) ?? 0) ^ 1], message.length - 1);
      return [encode(roomEvent, { ...event, message })];
    });
    const beth = await joinAs("Beth", owner.address);
    await adam.told.until("out of sync", ({ state }) => state?.problem?.code === "outOfSync");
    expect(adam.engine.state.problem?.retry).to.equal(true);
    expect(adam.engine.state.phase).to.equal("joined");
    const id = await say(adam, "typed meanwhile");

    network.tamperEvents((_, frame) => [frame]);
    await adam.engine.reconnect();
    expect(adam.engine.state.problem).to.equal(undefined);
    await beth.told.until("heard", ({ texts }) => texts.includes("typed meanwhile"));
    await adam.told.settled();
    expect(adam.told.timeline.find((entry) => entry.id === id)?.status).to.equal("sent");
    expect(beth.engine.state.occupants.map(({ nickname, clients }) => [nickname, clients])).to.have.deep.members([
      ["Olga", 1],
      ["Adam", 1],
      ["Beth", 1],
    ]);
    await say(beth, "hello");
    await adam.told.until("hears again", ({ texts }) => texts.includes("hello"));
    for (const { engine } of [owner, adam, beth]) engine.stop();
  });
});

describe("A seat that another engine takes over", () => {
  it("aborts every later step of the old engine", async () => {
    const owner = await makeRoom();
    const first = await joinAs("Adam", owner.address, { browser: "taken over" });
    const second = await startEngine(owner.address, { browser: "taken over" });
    await second.engine.open();
    const refused = await say(first, "from the old engine").catch((error: unknown) => error);
    expect(refused).to.have.property("name", "Superseded");
    expect(first.superseded()).to.equal(true);
    await say(second, "from the new engine");
    await owner.told.until("heard", ({ texts }) => texts.length > 0);
    expect(owner.told.texts).to.deep.equal(["from the new engine"]);
    expect(await second.engine.older(Number.MAX_SAFE_INTEGER, 10)).to.have.lengthOf(2);
    owner.engine.stop();
    second.engine.stop();
  });
});

describe("A client that is out of step", () => {
  it("may be one that never comes: whoever cannot commit for want of a proposal says so, instead of trying for ever", async function () {
    this.timeout(60_000);
    let tries = 0;
    let wanting = true;
    const fetch: Fetch = async (url, init) => {
      if (!wanting || !url.endsWith("/update")) return real.fetch(url, init);
      tries += 1;
      const refusal = { code: "wrongEpoch", message: "", rule: "hub/pending-proposals" };
      return Response.json(refusal, { status: 409 });
    };
    const owner = await makeRoom({ ports: { fetch, clock: fastClock(5) } });
    const beth = await joinAs("Beth", owner.address);
    await owner.told.until("Beth is in", ({ state }) => state?.occupants.length === 2);
    await beth.engine.leave();
    await owner.told.until("her commit is tried", () => tries > 0);
    await say(owner, "waits");
    await owner.told.until("out of sync", ({ state }) => state?.problem?.code === "outOfSync");
    expect(tries).to.be.lessThan(12);

    wanting = false;
    await owner.engine.reconnect();
    await owner.told.settled();
    expect(owner.engine.state.occupants.map(({ nickname }) => nickname)).to.deep.equal(["Olga"]);
    const adam = await joinAs("Adam", owner.address);
    await say(owner, "after");
    await adam.told.until("heard", ({ texts }) => texts.includes("after"));
    for (const { engine } of [owner, beth, adam]) engine.stop();
  });

  it("finds out by what it sends, also after a reload", async () => {
    const owner = await makeRoom();
    const network = new Network();
    const adam = await joinAs("Adam", owner.address, { browser: "out of step", ports: network });
    await adam.told.until("online", ({ state }) => state?.connection === "online");
    network.tamperEvents((event) => [encode(roomEvent, { ...event, message: Uint8Array.of(0) })]);
    const beth = await joinAs("Beth", owner.address);
    await adam.told.until("the broken event is taken", ({ faults }) => faults.length > 0);
    adam.engine.stop();

    const again = await startEngine(owner.address, { browser: "out of step" });
    await again.engine.open();
    await say(again, "still there");
    await again.told.until("out of sync", ({ state }) => state?.problem?.code === "outOfSync");
    await again.engine.reconnect();
    await beth.told.until("heard", ({ texts }) => texts.includes("still there"));
    await again.told.settled();
    expect(beth.told.texts).to.deep.equal(["still there"]);
    for (const { engine } of [owner, again, beth]) engine.stop();
  });
});
