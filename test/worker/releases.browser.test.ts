import { expect } from "@open-wc/testing";
import { deleteDB } from "idb";
import { readAddress, seatName } from "../../src/engine/address.js";
import { MIGRATIONS } from "../../src/storage/migrations.js";
import { takeSeatDatabase } from "../../src/storage/seat-database.js";
import { Unreachable } from "../../src/transport/provider-refusal.js";
import { platform } from "../../src/worker/platform.js";
import type { WorkerPorts } from "../../src/worker/ports.js";
import { makeRoom, say } from "../support/engine-world.js";
import { FreezableChannels, newBrowser, openTab, type Tab } from "../support/seat-world.js";

/** The next release: tabs of this one must not share a seat with it, and it has one migration more. */
const MIGRATED = [
  ...MIGRATIONS,
  (database: { createObjectStore(name: string): unknown }) => void database.createObjectStore("later"),
];
const next: WorkerPorts = {
  ...platform,
  release: platform.release + 1,
  engine: { ...platform.engine, takeSeat: (name) => takeSeatDatabase(name, MIGRATED) },
};

/** Timers that run faster: no test waits for seconds of patience. */
const hasty = {
  ...platform.engine.clock,
  after: (ms: number, then: () => void) => platform.engine.clock.after(ms / 10, then),
};

const seesThatItIsOld = async ({ seat, told }: Tab): Promise<void> => {
  await told.until("it says that it is old", ({ state }) => state?.problem?.code === "outdated");
  expect(told.state).to.include({ phase: "failed", connection: "offline" });
  expect(told.state?.problem?.retry).to.equal(false);
  const refused = await seat.send({ text: "too late", format: "plain" }).catch((error: unknown) => error);
  expect(refused).to.have.nested.property("problem.code", "outdated");
};

describe("Two releases in two tabs", () => {
  it("do not share a seat: the older one yields and says so, the newer one migrates and goes on", async () => {
    const owner = await makeRoom();
    const browser = newBrowser();
    const leading = await openTab(browser, owner.address);
    await leading.seat.join("Adam");
    const following = await openTab(browser, owner.address);
    await following.seat.send({ text: "from the older one", format: "plain" });
    await leading.told.settled();

    const newer = await openTab(browser, owner.address, next);
    expect(newer.state.phase).to.equal("joined");
    expect(newer.told.texts).to.deep.equal(["from the older one"]);
    for (const tab of [leading, following]) await seesThatItIsOld(tab);
    await newer.seat.send({ text: "from the newer one", format: "plain" });
    await owner.told.until("it arrived", ({ texts }) => texts.includes("from the newer one"));
    expect(owner.told.texts).to.deep.equal(["from the older one", "from the newer one"]);
    expect(owner.engine.state.occupants.map(({ nickname, clients }) => [nickname, clients])).to.deep.equal([
      ["Olga", 1],
      ["Adam", 1],
    ]);

    // It stays so when the newer one has gone: nobody of the old release comes back to the seat.
    await newer.seat.close();
    const late = await openTab(browser, owner.address).catch((error: unknown) => error);
    expect(late).to.have.nested.property("problem.code", "outdated");
    for (const tab of [leading, following]) await seesThatItIsOld(tab);
    owner.engine.stop();
  });

  it("lose nothing: what the older one could not send is sent once by the newer one", async () => {
    const owner = await makeRoom();
    const browser = newBrowser();
    let cut = false;
    const fetch: typeof platform.engine.fetch = (...request) =>
      cut ? Promise.reject(new Unreachable("cut")) : platform.engine.fetch(...request);
    const older = await openTab(browser, owner.address, { engine: { ...platform.engine, fetch } });
    await older.seat.join("Adam");
    cut = true;
    await older.seat.send({ text: "typed in the older one", format: "plain" });
    const newer = await openTab(browser, owner.address, next);
    await newer.told.settled();
    await owner.told.until("it arrived", ({ texts }) => texts.length > 0);
    await newer.seat.send({ text: "and on", format: "plain" });
    await owner.told.until("both arrived", ({ texts }) => texts.includes("and on"));
    expect(owner.told.texts).to.deep.equal(["typed in the older one", "and on"]);
    await seesThatItIsOld(older);
    await newer.seat.close();
    owner.engine.stop();
  });

  it("tell an older one that comes later, while the newer one leads", async () => {
    const owner = await makeRoom();
    const browser = newBrowser();
    const newer = await openTab(browser, owner.address, next);
    await newer.seat.join("Adam");
    const late = await openTab(browser, owner.address).catch((error: unknown) => error);
    expect(late).to.have.nested.property("problem.code", "outdated");
    await newer.seat.send({ text: "undisturbed", format: "plain" });
    await owner.told.until("it arrived", ({ texts }) => texts.includes("undisturbed"));
    await newer.seat.close();
    owner.engine.stop();
  });

  it("do not wait for each other when the older one does not understand", async () => {
    const owner = await makeRoom();
    const browser = newBrowser();
    // What was written before releases had numbers: it says none, and takes every message for one of its own kind.
    const dumb: WorkerPorts["openChannel"] = (name, heard) => {
      const channel = platform.openChannel(name, (message) => heard({ ...Object(message), release: platform.release }));
      return { post: (message) => channel.post({ ...Object(message), release: undefined }), close: channel.close };
    };
    const older = await openTab(browser, owner.address, { openChannel: dumb });
    await older.seat.join("Adam");
    const newer = await openTab(browser, owner.address, next);
    expect(newer.state.phase).to.equal("joined");
    await newer.seat.send({ text: "from the newer one", format: "plain" });
    await owner.told.until("it arrived", ({ texts }) => texts.includes("from the newer one"));
    // It may follow, and finds what it is when it wants to lead.
    await newer.seat.close();
    await seesThatItIsOld(older);
    owner.engine.stop();
  });

  it("do not wait for each other when the older one is frozen", async () => {
    const owner = await makeRoom();
    const browser = newBrowser();
    const channels = new FreezableChannels();
    const older = await openTab(browser, owner.address, channels);
    await older.seat.join("Adam");
    channels.freeze();
    const newer = await openTab(browser, owner.address, { ...next, engine: { ...next.engine, clock: hasty } });
    expect(newer.state.phase).to.equal("joined");
    channels.thaw();
    await seesThatItIsOld(older);
    await newer.seat.close();
    owner.engine.stop();
  });

  it("say so when the older one is so deep asleep that it sits on the database", async () => {
    const owner = await makeRoom();
    const browser = newBrowser();
    const older = await openTab(browser, owner.address);
    await older.seat.join("Adam");
    const name = seatName(readAddress(owner.address), browser);
    const asleep = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    await older.seat.close();
    const ports = { ...next, engine: { ...next.engine, clock: hasty } };
    const refused = await openTab(browser, owner.address, ports).catch((error: unknown) => error);
    expect(refused).to.have.nested.property("problem.code", "superseded");
    expect(refused).to.have.nested.property("problem.retry", true);
    const patient = openTab(browser, owner.address, next);
    asleep.close();
    expect((await patient).state.phase).to.equal("joined");
    owner.engine.stop();
  });
});

describe("A seat whose database is deleted while it is open", () => {
  it("says so in every tab and shows the way in; nothing of the old seat gets into the new one", async () => {
    const owner = await makeRoom();
    const browser = newBrowser();
    const leading = await openTab(browser, owner.address);
    await leading.seat.join("Adam");
    const following = await openTab(browser, owner.address);
    await leading.seat.send({ text: "before", format: "plain" });
    await leading.told.settled();

    await deleteDB(seatName(readAddress(owner.address), browser));
    for (const { told } of [leading, following]) {
      await told.until("it is said", ({ state }) => state?.problem?.code === "storageCleared");
      expect(told.state?.phase).to.equal("left");
      expect(told.state?.problem?.retry).to.equal(true);
    }
    expect(await following.seat.older(Number.MAX_SAFE_INTEGER, 10)).to.deep.equal([]);
    await following.seat.join("Adam again");
    await say(owner, "welcome back");
    for (const { told } of [leading, following]) await told.until("it is heard", ({ texts }) => texts.length === 2);
    await leading.seat.send({ text: "after", format: "plain" });
    await owner.told.until("it arrived", ({ texts }) => texts.includes("after"));
    expect(owner.told.texts).to.deep.equal(["before", "welcome back", "after"]);
    expect(leading.told.state?.problem).to.equal(undefined);
    for (const { seat } of [leading, following]) await seat.close();
    owner.engine.stop();
  });

  it("does not open it again and again when it is taken away again and again", async () => {
    const owner = await makeRoom();
    const browser = newBrowser();
    let taken = 0;
    const takeSeat = (name: string) => {
      taken += 1;
      return takeSeatDatabase(name);
    };
    const tab = await openTab(browser, owner.address, { engine: { ...platform.engine, takeSeat } });
    await tab.seat.join("Adam");
    const name = seatName(readAddress(owner.address), browser);
    await deleteDB(name);
    await tab.told.until("it is said", ({ state }) => state?.problem?.code === "storageCleared");
    await deleteDB(name);
    await tab.told.until("it gives up", ({ state }) => state?.problem?.code === "storageUnavailable");
    expect(taken).to.equal(2);
    // Until somebody wants it again.
    await tab.seat.join("Adam");
    await tab.told.until("in again", ({ state }) => state?.phase === "joined");
    await tab.seat.close();
    owner.engine.stop();
  });
});
