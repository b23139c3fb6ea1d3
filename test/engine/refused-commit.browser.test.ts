import { expect } from "@open-wc/testing";
import { openDB } from "idb";
import { MlsError } from "../../src/mls/mls-error.js";
import type { CursorRecord } from "../../src/storage/records.js";
import { takeSeatDatabase } from "../../src/storage/seat-database.js";
import { StorageFull } from "../../src/storage/storage-full.js";
import { network as real } from "../../src/transport/network.js";
import type { Fetch, OpenSocket } from "../../src/transport/ports.js";
import { all, groupOf, names, said } from "../support/agreeing-guests.js";
import type { ApiMember } from "../support/api-member.js";
import { Network } from "../support/engine-network.js";
import { type Guest, say, startEngine } from "../support/engine-world.js";
import { commitUnreadableFor, forgeCommit } from "../support/forged-commits.js";
import { HoldingFetch } from "../support/holding-fetch.js";
import { online, WaryRoom } from "../support/wary-room.js";

describe("A client that refuses a commit", function () {
  this.timeout(60_000);
  const room = new WaryRoom();
  afterEach(() => room.close());

  it("and alone is wrong joins again by itself, loses nothing that it types, and harms nobody", async () => {
    const faulty = new Network();
    const olga = await room.open();
    const adam = await room.enter("Adam", { ports: faulty });
    const beth = await room.enter("Beth");
    faulty.misreadCommit();
    const cleo = await room.enter("Cleo");
    await say(adam, "typed meanwhile");
    await adam.told.until("it refuses", ({ faults }) => faults.length > 0);
    await all([olga, adam, beth], ["typed meanwhile"]);
    await agree(olga, adam, beth, cleo);
    expect(adam.told.states.some(({ problem }) => problem !== undefined)).to.equal(false);
    await said(cleo, "not barred");
    await cleo.engine.leave();
    room.guests.splice(room.guests.indexOf(cleo), 1);
    const dora = await room.enter("Dora");
    await all([olga, adam, beth], ["typed meanwhile", "not barred"]);
    await said(dora, "the epoch goes on");
    await all([olga, adam, beth], ["typed meanwhile", "not barred", "the epoch goes on"]);
  });

  it("because its secrets in it are garbage joins again, where others can read theirs", async () => {
    const olga = await room.open();
    const adam = await room.enter("Adam");
    const mallory = await room.enterByApi("Mallory");
    const [first] = names(olga);
    expect(first).to.equal("Olga");
    const { crypto } = mallory.guest;
    // The leaves of Olga and Adam stand under one node, whose key both have: what is sealed to it is for both.
    const beth = await room.enter("Beth");
    await mallory.catchUp();
    const forBeth = await commitUnreadableFor(crypto, mallory.joined(), (node) => node === 0);
    expect((await mallory.offer(forBeth)).status).to.equal(200);
    await beth.told.until("it refuses", ({ faults }) => faults.length > 0);
    await said(olga, "after");
    await beth.told.until("it is back", ({ state }) => state?.connection === "online" && names(beth).length === 4);
    await agree(olga, adam, beth);
    await said(beth, "back");
    await all([olga, adam], ["after", "back"]);
    expect(beth.engine.state.problem).to.equal(undefined);
  });

  it("is told the same outcome when the first answer got lost", async () => {
    const network = new Network();
    const olga = await room.open();
    const adam = await room.enter("Adam", { ports: network });
    const lost = network.loseAnswer("/refuseEvent");
    await poison(await room.enterByApi("Mallory"));
    await lost;
    await goesOn(olga, adam);
    expect(network.requests.filter((path) => path.endsWith("/refuseEvent"))).to.have.lengthOf(2);
  });

  it("asks again after a reload, and reads nothing meanwhile", async () => {
    const hold = new HoldingFetch("/refuseEvent");
    const olga = await room.open();
    const adam = await room.enter("Adam", { browser: "refuses and reloads", ports: { fetch: hold.fetch } });
    await poison(await room.enterByApi("Mallory"));
    await hold.asked;
    const before = await groupOf(adam);
    await said(olga, "said meanwhile");
    await say(adam, "typed meanwhile");
    expect(adam.told.texts).to.deep.equal(["typed meanwhile"]);
    adam.engine.stop();

    const again = await startEngine(olga.address, { browser: "refuses and reloads" });
    room.guests.push(again);
    await again.engine.open();
    await all([olga], ["said meanwhile", "typed meanwhile"]);
    await again.told.until("heard", ({ texts }) => texts.includes("said meanwhile"));
    expect(await groupOf(again)).to.equal(before);
    await goesOn(olga, again);
  });

  it("asks again when the outcome could not be written", async () => {
    const network = new Network();
    let isRefused = false;
    let failures = 0;
    const takeSeat: typeof takeSeatDatabase = async (name) => {
      const database = await takeSeatDatabase(name);
      return {
        ...database,
        async commitStep(step) {
          if (isRefused && failures++ === 0) throw new StorageFull("no room");
          await database.commitStep(step);
          isRefused ||= step.cursor?.refused !== undefined;
        },
      };
    };
    const olga = await room.open();
    const adam = await room.enter("Adam", { ports: { ...network, takeSeat } });
    await poison(await room.enterByApi("Mallory"));
    await adam.told.until("told", ({ states }) => states.some(({ problem }) => problem?.code === "storageFull"));
    await goesOn(olga, adam);
    expect(network.requests.filter((path) => path.endsWith("/refuseEvent"))).to.have.lengthOf(2);
  });

  it("says so when it is back from where there is no network", async () => {
    const network = new Network();
    const olga = await room.open();
    const adam = await room.enter("Adam", { ports: network });
    const mallory = await room.enterByApi("Mallory");
    network.tamperEvents((_, frame) => {
      queueMicrotask(() => network.cut());
      return [frame];
    });
    await poison(mallory);
    await adam.told.until("offline", ({ state }) => state?.connection === "offline");
    await say(adam, "typed meanwhile");
    network.tamperEvents((_, frame) => [frame]);
    network.restore();
    adam.engine.resume();
    await all([olga], ["typed meanwhile"]);
    await goesOn(olga, adam);
  });

  it("offers its own commit again, that came too late for the one taken back", async () => {
    const held = new HoldingFetch("/update");
    const refusals = new HoldingFetch("/refuseEvent");
    // Nobody refuses before the own commit has come too late.
    const fetch: Fetch = (url, init) =>
      url.endsWith("/update") ? held.fetch(url, init).finally(refusals.release) : refusals.fetch(url, init);
    const olga = await room.open({ ports: { fetch } });
    const adam = await room.enter("Adam", { ports: { fetch: refusals.fetch } });
    const mallory = await room.enterByApi("Mallory");
    const renamed = olga.engine.rename("Another name");
    await held.asked;
    await poison(mallory);
    held.release();
    await renamed;
    await adam.told.until("it is called so", ({ state }) => state?.preview?.name === "Another name");
    await goesOn(olga, adam);
  });

  it("asks the person where the hub knows no refusals", async () => {
    const old: Fetch = async (url, init) =>
      url.endsWith("/refuseEvent")
        ? Response.json({ code: "noSuchRoute", message: "" }, { status: 404 })
        : real.fetch(url, init);
    const faulty = new Network();
    const olga = await room.open();
    const adam = await room.enter("Adam", { ports: { fetch: old, openSocket: faulty.openSocket } });
    faulty.misreadCommit();
    const beth = await room.enter("Beth", {}, [olga]);
    await adam.told.until("asked", ({ state }) => state?.problem?.code === "outOfSync");
    await say(adam, "typed meanwhile");
    await said(olga, "said meanwhile");
    expect(adam.told.texts).to.deep.equal(["typed meanwhile"]);
    await adam.engine.reconnect();
    await all([olga, beth], ["said meanwhile", "typed meanwhile"]);
    await agree(olga, adam, beth);
  });

  it("because it lacks a proposal in it that the others have joins again, and blames nobody", async () => {
    const browser = { browser: "lacks a proposal" };
    const held = new HoldingFetch("/update");
    const olga = await room.open({ ports: { fetch: held.fetch } });
    const adam = await room.enter("Adam", browser);
    const mallory = await room.enterByApi("Mallory");
    adam.engine.stop();
    expect((await mallory.selfRemove()).status).to.equal(200);
    await held.asked;
    const { hash } = await logOf(olga);
    await write(adam, { cursor: (await logOf(adam)).cursor + 1, hash });
    held.release();
    await olga.told.until("Mallory is out", () => names(olga).length === 2);

    const again = await startEngine(olga.address, browser);
    room.guests.push(again);
    await again.engine.open();
    await said(again, "back");
    await all([olga], ["back"]);
    await agree(olga, again);
    expect(names(olga)).to.have.members(["Olga", "Adam"]);
    const codes = again.faults.map(({ error }) => (error instanceof MlsError ? error.code : error));
    expect(codes).to.deep.equal(["unknownProposal"]);
  });

  it("because policy forbids it asks the person where others follow it, also after a reload", async () => {
    const browser = { browser: "whose policy is another" };
    const rule = "5.11/sender";
    const olga = await room.open();
    const adam = await room.enter("Adam", browser);
    adam.engine.stop();
    const beth = await room.enter("Beth", {}, [olga]);
    const { hash } = await logOf(olga);
    await write(adam, { ...(await logOf(adam)), refused: { hash, code: "policy", rule } });

    for (const requests of [1, 0]) {
      const network = new Network();
      const again = await startEngine(olga.address, { ...browser, ports: network });
      room.guests.push(again);
      await again.engine.open();
      await again.told.until("asked", ({ state }) => state?.problem?.code === "outOfSync");
      expect(again.engine.state.problem?.rule).to.equal(rule);
      expect(network.requests.filter((path) => path.endsWith("/refuseEvent"))).to.have.lengthOf(requests);
      if (requests > 0) again.engine.stop();
      else await again.engine.reconnect();
    }
    const again = room.guests.at(-1) ?? adam;
    await said(again, "asked, and back");
    await all([olga, beth], ["asked, and back"]);
    await agree(olga, beth, again);
  });

  it("sends whoever followed it back with it, without a word lost, and its maker away for an hour", async () => {
    const silent = new Network();
    let mute = true;
    const openSocket: OpenSocket = (url, events) => {
      const socket = silent.openSocket(url, events);
      return { ...socket, send: (frame) => (mute && frame.includes('"acknowledged"')) || socket.send(frame) };
    };
    const held = new HoldingFetch("/submitMessage");
    const faulty = new Network();
    const olga = await room.open({ ports: { openSocket, fetch: held.fetch } });
    const adam = await room.enter("Adam", { ports: faulty });
    faulty.misreadCommit();
    const beth = await room.enter("Beth", {}, [olga]);
    await say(olga, "typed by Olga");
    await olga.told.until("taken back", ({ timeline }) => timeline.some(({ content }) => content.kind === "restored"));
    mute = false;
    held.release();
    await beth.told.until("barred", ({ state }) => state?.problem?.rule === "hub/barred");
    expect(beth.engine.state.problem).to.include({ code: "notAllowed", retry: true });
    room.guests.splice(room.guests.indexOf(beth), 1);
    beth.engine.stop();
    await all([olga, adam], ["typed by Olga"]);
    await agree(olga, adam);
    await said(adam, "said to Olga");
    await all([olga, adam], ["typed by Olga", "said to Olga"]);
    expect(names(olga)).to.have.members(["Olga", "Adam"]);
  });

  async function logOf({ name }: Guest): Promise<CursorRecord> {
    const database = await openDB(name);
    const log: CursorRecord = await database.get("cursors", "cursor");
    database.close();
    return log;
  }

  async function write({ name }: Guest, log: CursorRecord): Promise<void> {
    const database = await openDB(name);
    await database.put("cursors", log, "cursor");
    database.close();
  }

  /** Offers a commit that nobody can follow. */
  async function poison(mallory: ApiMember): Promise<void> {
    const { crypto } = mallory.guest;
    const forged = await forgeCommit(crypto, mallory.joined(), await mallory.stageUpdate(), "confirmation tag");
    expect((await mallory.offer(forged)).status).to.equal(200);
  }

  /** Both say something, hear it, and are in one epoch. */
  async function goesOn(one: Guest, other: Guest): Promise<void> {
    await said(one, "on, says one");
    await said(other, "on, says the other");
    for (const { told } of [one, other]) {
      await told.until(
        "both are heard",
        ({ texts }) => texts.includes("on, says one") && texts.includes("on, says the other"),
      );
    }
    await agree(one, other);
  }

  /** Resolves when all are in one epoch, and nothing is amiss. */
  async function agree(...guests: readonly Guest[]): Promise<void> {
    for (const guest of guests) {
      await online(guest);
      await guest.told.until("well", ({ state }) => state?.problem === undefined);
    }
    let groups = new Set<string>();
    while (groups.size !== 1) {
      groups = new Set(await Promise.all(guests.map(groupOf)));
      await new Promise(requestAnimationFrame);
    }
  }
});
