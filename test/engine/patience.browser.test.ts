import { expect } from "@open-wc/testing";
import { network as real } from "../../src/transport/network.js";
import type { Fetch } from "../../src/transport/ports.js";
import { joinAs, makeRoom, providerUrl, say, startEngine } from "../support/engine-world.js";
import { FaultyNetwork } from "../support/faulty-network.js";
import { VirtualClock } from "../support/virtual-clock.js";

/** A network on which requests to a path that ends so have no answer while `isSilent`; they arrive, or do not. */
function silentFor(path: string, isSilent: () => boolean, arrive: boolean) {
  const { clock, fetch: good, openSocket } = goodNetwork();
  const fetch: Fetch = async (url, init) => {
    if (!url.endsWith(path) || !isSilent()) return good(url, init);
    const { signal, ...rest } = init;
    if (arrive) await good(url, rest);
    return new Promise((_, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  };
  return { clock, fetch, openSocket };
}

/** A network that is good, and a clock that does not run away from it. */
function goodNetwork() {
  const clock = new VirtualClock();
  const { fetch, openSocket } = new FaultyNetwork(clock, [], []);
  return { clock, fetch, openSocket };
}

describe("A connection that is dead and does not know it", () => {
  it("is found out, and what was said meanwhile arrives once, both ways", async () => {
    const owner = await makeRoom();
    const clock = new VirtualClock();
    const silent = { refused: undefined, frames: [{ kind: "pass" }], end: "silent" } as const;
    const network = new FaultyNetwork(clock, [], [silent, silent]);
    const { fetch, openSocket } = network;
    const adam = await joinAs("Adam", owner.address, { ports: { fetch, openSocket, clock } });
    await adam.told.until("online", ({ state }) => state?.connection === "online");
    await say(owner, "one");
    await say(adam, "two");
    await say(owner, "three");
    const all = ["one", "three", "two"];
    await Promise.all(
      [owner, adam].map(({ told }) =>
        told.until("all is there", ({ texts }) => all.every((each) => texts.includes(each))),
      ),
    );
    await adam.told.settled();
    expect([...adam.told.texts].sort()).to.deep.equal(all);
    expect(owner.told.texts).to.deep.equal(adam.told.texts);
    owner.engine.stop();
    adam.engine.stop();
  });
});

describe("A join without an answer", () => {
  for (const arrives of [false, true]) {
    it(`ends, says so, and is the same join when it is tried again: the request ${arrives ? "arrived" : "got lost"}`, async () => {
      const owner = await makeRoom();
      let silent = true;
      const ports = silentFor("/update", () => silent, arrives);
      const adam = await startEngine(owner.address, { ports });
      await adam.engine.open();
      const refused = await adam.engine.join("Adam").catch((error: unknown) => error);
      expect(refused).to.have.nested.property("problem.code", "unreachable");
      expect(adam.engine.state.phase).to.equal("failed");
      expect(adam.engine.state.problem).to.include({ code: "unreachable", retry: true });
      silent = false;
      await adam.engine.reconnect();
      await say(adam, "here I am");
      await owner.told.until("heard", ({ texts }) => texts.includes("here I am"));
      expect(owner.engine.state.occupants.map(({ nickname, clients }) => [nickname, clients])).to.deep.equal([
        ["Olga", 1],
        ["Adam", 1],
      ]);
      expect(owner.told.timeline.filter(({ content }) => content.kind === "joined")).to.have.lengthOf(2);
      owner.engine.stop();
      adam.engine.stop();
    });
  }

  it("may be tried again under another name", async () => {
    const owner = await makeRoom();
    let silent = true;
    const ports = silentFor("/update", () => silent, true);
    const adam = await startEngine(owner.address, { ports });
    await adam.engine.open();
    await adam.engine.join("Adam").catch(() => undefined);
    silent = false;
    await adam.engine.join("Eve");
    await say(adam, "here I am");
    await owner.told.until("heard", ({ texts }) => texts.includes("here I am"));
    expect(owner.engine.state.occupants.map(({ nickname, clients }) => [nickname, clients])).to.deep.equal([
      ["Olga", 1],
      ["Eve", 1],
    ]);
    owner.engine.stop();
    adam.engine.stop();
  });
});

describe("Leaving without an answer", () => {
  it("is over when the room's log says so, and does not touch the seat that is taken next", async () => {
    const owner = await makeRoom();
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    let holding = false;
    const fetch: Fetch = async (url, init) => {
      const response = await real.fetch(url, init);
      if (holding && url.endsWith("/update")) await held;
      return response;
    };
    const adam = await joinAs("Adam", owner.address, { ports: { fetch } });
    await adam.told.until("online", ({ state }) => state?.connection === "online");
    holding = true;
    const leaving = adam.engine.leave();
    await adam.told.until("left", ({ state }) => state?.phase === "left");
    expect(adam.engine.state.problem).to.equal(undefined);
    holding = false;
    await adam.engine.reconnect();
    await adam.engine.join("Adam again");
    answer();
    await leaving;
    expect(adam.engine.state.phase).to.equal("joined");
    await say(adam, "back");
    await owner.told.until("heard", ({ texts }) => texts.includes("back"));
    await owner.told.until("two are in", ({ state }) => state?.occupants.length === 2);
    owner.engine.stop();
    adam.engine.stop();
  });
});

describe("A provider in trouble", () => {
  it("is asked again for the room by itself, and what is wrong is shown until then", async () => {
    const owner = await makeRoom();
    const { clock, fetch: good, openSocket } = goodNetwork();
    let asked = 0;
    const fetch: Fetch = async (url, init) => {
      asked += 1;
      if (asked > 3) return good(url, init);
      return Response.json({ code: "unavailable", message: "" }, { status: 503, headers: { "Retry-After": "2" } });
    };
    const adam = await startEngine(owner.address, { ports: { fetch, openSocket, clock } });
    const state = await adam.engine.open();
    expect([state.phase, state.problem?.code, state.problem?.retry]).to.deep.equal(["failed", "providerFault", true]);
    await adam.told.until("the way in is shown", (told) => told.state?.phase === "preview");
    expect(adam.engine.state.problem).to.equal(undefined);
    owner.engine.stop();
    adam.engine.stop();
  });

  it("cannot leave the making of a room under way for ever", async () => {
    const { clock, openSocket } = goodNetwork();
    const fetch: Fetch = () => Promise.reject(new TypeError("the network is cut"));
    const provider = await providerUrl();
    const room = `mimi://${new URL(provider).host}/r/never-made`;
    const olga = await startEngine({ provider, room }, { ports: { fetch, openSocket, clock } });
    const making = olga.engine.create({ provider, name: "A room", preset: "event", nickname: "Olga", origins: [] });
    expect(await making.catch((error: unknown) => error)).to.have.nested.property("problem.code", "unreachable");
    expect(olga.engine.state).to.have.nested.property("problem.code", "unreachable");
    expect(olga.engine.state.phase).to.equal("failed");
    olga.engine.stop();
  });
});

describe("A provider that asks to wait", () => {
  it("is not asked again before, whoever is in a hurry", async () => {
    const owner = await makeRoom();
    const { clock, fetch: good, openSocket } = goodNetwork();
    const asked: number[] = [];
    const fetch: Fetch = async (url, init) => {
      if (!url.endsWith("/submitMessage") || asked.push(clock.now()) > 1) return good(url, init);
      return Response.json({ code: "unavailable", message: "" }, { status: 503, headers: { "Retry-After": "20" } });
    };
    const adam = await joinAs("Adam", owner.address, { ports: { fetch, openSocket, clock } });
    await say(adam, "at last");
    await adam.told.until("on its way", ({ timeline }) => timeline.at(-1)?.status === "sending");
    await adam.told.until("it is told why", ({ state }) => state?.problem?.code === "providerFault");
    while (asked.length < 2) {
      await adam.engine.reconnect();
      adam.engine.resume();
      await new Promise(requestAnimationFrame);
    }
    await owner.told.until("heard", ({ texts }) => texts.includes("at last"));
    expect((asked[1] ?? 0) - (asked[0] ?? 0)).to.be.at.least(20_000);
    await adam.told.settled();
    await adam.told.until("all is well", ({ state }) => state?.problem === undefined);
    owner.engine.stop();
    adam.engine.stop();
  });
});
