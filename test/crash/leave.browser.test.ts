import { expect } from "@open-wc/testing";
import { openDB } from "idb";
import { seatName } from "../../src/engine/address.js";
import { network } from "../../src/transport/network.js";
import { createProviderClient } from "../../src/transport/provider-client.js";
import type { Page } from "../support/crash-page.js";
import { CrashRoom, isIn } from "../support/crash-room.js";
import { visitAll } from "../support/crash-run.js";

describe("A world that stops at any call of any port", () => {
  it("while somebody leaves: the seat is gone, and its keys", async function () {
    this.timeout(170_000);
    const room = await CrashRoom.make();
    let visits = 0;
    await visitAll({
      name: "leave",
      async prepare() {
        const browser = `#leaves-${++visits}`;
        const nickname = `Guest ${visits}`;
        await room.seat(browser, nickname);
        await room.watcher.told.until("the guest is in", () => isIn(room.watcher, nickname));
        return {
          ...room.world(browser),
          steps: [leave],
          async check() {
            await room.watcher.told.until("the guest is out", () => !isIn(room.watcher, nickname));
            expect(await leftOnDisk(seatName(room.address, browser))).to.deep.equal([]);
          },
        };
      },
      finish: () => room.finish([]),
    });
  });

  it("while the only one joins, speaks and leaves: the group is closed, and the room lasts", async function () {
    this.timeout(170_000);
    const room = await CrashRoom.make();
    await room.watcher.engine.leave();
    const { provider: url } = room.address;
    const provider = createProviderClient({ provider: url, fetch: network.fetch, clock: network.clock });
    const browser = "#alone";
    await visitAll({
      name: "start and close the group",
      async prepare(label) {
        return {
          ...room.world(browser),
          steps: [(page) => page.join("Adam"), (page) => page.say(label), (page) => page.sent(label), leave],
          async check() {
            expect(await leftOnDisk(seatName(room.address, browser))).to.deep.equal([]);
            expect((await provider.room(room.address.room)).hasGroup).to.equal(false);
          },
        };
      },
      finish: async () => `${await room.witness.audit.check()} ciphertexts, no key used twice`,
    });
  });
});

async function leave(page: Page): Promise<void> {
  if (page.told.state?.phase === "joined") await page.call((seat) => seat.leave());
  await page.told.until("it is out", ({ state }) => state?.phase === "left" || state?.phase === "preview");
}

/** The stores that hold something of a seat that was left. */
async function leftOnDisk(name: string): Promise<string[]> {
  const database = await openDB(name);
  const stores = ["identity", "groups", "cursors", "timeline", "outbox"];
  const counts = await Promise.all(stores.map((store) => database.count(store)));
  database.close();
  return stores.filter((_, n) => counts[n] !== 0);
}
