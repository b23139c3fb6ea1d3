import { expect } from "@open-wc/testing";
import type { SeatDatabase } from "../../src/storage/seat-database.js";
import { takeSeatDatabase } from "../../src/storage/seat-database.js";
import { StorageFull } from "../../src/storage/storage-full.js";
import { platform } from "../../src/worker/platform.js";
import { makeRoom, say } from "../support/engine-world.js";
import { newBrowser, openTab } from "../support/seat-world.js";

const DAY = 24 * 60 * 60 * 1000;

describe("A device without room", () => {
  it("keeps what it has: sending is refused and said, and both directions go on when there is room", async () => {
    const owner = await makeRoom();
    let full = false;
    const takeSeat = async (name: string): Promise<SeatDatabase> => {
      const database = await takeSeatDatabase(name);
      const commitStep: SeatDatabase["commitStep"] = (step) =>
        full ? Promise.reject(new StorageFull("no room")) : database.commitStep(step);
      return { ...database, commitStep };
    };
    const tab = await openTab(newBrowser(), owner.address, { engine: { ...platform.engine, takeSeat } });
    await tab.seat.join("Adam");
    await tab.seat.send({ text: "before", format: "plain" });
    await tab.told.settled();

    full = true;
    const refused = await tab.seat.send({ text: "no room for this", format: "plain" }).catch((error: unknown) => error);
    expect(refused).to.have.nested.property("problem.code", "storageFull");
    expect(refused).to.have.nested.property("problem.retry", true);
    expect(tab.told.state?.problem?.code).to.equal("storageFull");
    expect(tab.told.state?.phase).to.equal("joined");
    await say(owner, "meanwhile");
    await owner.told.settled();
    expect(tab.told.texts).to.deep.equal(["before"]);

    full = false;
    await tab.seat.reconnect();
    await tab.told.until("it reads on", ({ texts }) => texts.includes("meanwhile"));
    await tab.told.until("it is over", ({ state }) => state?.problem === undefined);
    await tab.seat.send({ text: "after", format: "plain" });
    await owner.told.until("it arrived", ({ texts }) => texts.includes("after"));
    expect(owner.told.texts).to.deep.equal(["before", "meanwhile", "after"]);
    await tab.seat.close();
    owner.engine.stop();
  });
});

describe("A browser that gives no storage", () => {
  it("is told so, and the room opens when it gives some", async () => {
    const owner = await makeRoom();
    const browser = newBrowser();
    let forbidden = true;
    const takeSeat = (name: string) =>
      forbidden ? Promise.reject(new DOMException("no", "InvalidStateError")) : takeSeatDatabase(name);
    const ports = { engine: { ...platform.engine, takeSeat } };
    const refused = await openTab(browser, owner.address, ports).catch((error: unknown) => error);
    expect(refused).to.have.nested.property("problem.code", "storageUnavailable");
    expect(refused).to.have.nested.property("problem.retry", true);
    forbidden = false;
    const tab = await openTab(newBrowser(), owner.address, ports);
    expect(tab.state.phase).to.equal("preview");
    await tab.seat.close();
    owner.engine.stop();
  });
});

describe("A clock that jumps", () => {
  for (const [title, jump] of [
    ["back by a day", -DAY],
    ["forward by a year", 365 * DAY],
  ] as const) {
    it(`${title} stops nothing, storms nothing and moves no message`, async () => {
      const owner = await makeRoom();
      const browser = newBrowser();
      let offset = 0;
      let requests = 0;
      const engine: typeof platform.engine = {
        ...platform.engine,
        clock: { ...platform.engine.clock, now: () => platform.engine.clock.now() + offset },
        fetch(...request) {
          requests += 1;
          return platform.engine.fetch(...request);
        },
      };
      const tab = await openTab(browser, owner.address, { engine });
      // A challenge was fetched ahead, by the old time.
      offset = jump;
      await tab.seat.join("Adam");
      await tab.seat.send({ text: "first", format: "plain" });
      await tab.told.settled();
      await say(owner, "second");
      await tab.told.until("heard", ({ texts }) => texts.includes("second"));
      offset = -jump;
      await tab.seat.pageHidden();
      await tab.seat.pageShown();
      await tab.seat.send({ text: "third", format: "plain" });
      await tab.told.settled();
      await owner.told.until("all arrived", ({ texts }) => texts.length === 3);
      expect(tab.told.texts).to.deep.equal(["first", "second", "third"]);
      expect(owner.told.texts).to.deep.equal(tab.told.texts);
      // What is sent stands under the hub's time, whatever the device thinks.
      for (const { time } of tab.told.timeline) expect(Math.abs(time - Date.now())).to.be.lessThan(DAY / 24);
      expect(requests).to.be.lessThan(40);
      await tab.seat.close();
      owner.engine.stop();
    });
  }
});

describe("A page gone wild", () => {
  it("has a bounded number of calls wait, and is told so", async () => {
    const owner = await makeRoom();
    const tab = await openTab(newBrowser(), owner.address);
    await tab.seat.join("Adam");
    const calls = Array.from({ length: 600 }, () => tab.seat.older(1, 1).catch((error: unknown) => error));
    const refused = (await Promise.all(calls)).filter((outcome) => outcome instanceof Error);
    expect(refused).to.have.lengthOf(100);
    for (const error of refused) expect(error).to.have.nested.property("problem.code", "rateLimited");
    expect(await tab.seat.older(1, 1)).to.deep.equal([]);
    await tab.seat.close();
    owner.engine.stop();
  });

  it("has a bounded number of listeners", async () => {
    const owner = await makeRoom();
    const tab = await openTab(newBrowser(), owner.address);
    const more = Array.from({ length: 49 }, () => tab.seat.subscribe(() => {}));
    const [first] = await Promise.all(more);
    const refused = await tab.seat.subscribe(() => {}).catch((error: unknown) => error);
    expect(refused).to.have.nested.property("problem.code", "rateLimited");
    await tab.seat.unsubscribe(first ?? 0);
    expect(await tab.seat.subscribe(() => {})).to.be.a("number");
    await tab.seat.close();
    owner.engine.stop();
  });
});
