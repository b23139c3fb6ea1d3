import { openDB } from "idb";
import { seatName } from "../../src/engine/address.js";
import { CrashRoom } from "../support/crash-room.js";
import { visitAll } from "../support/crash-run.js";

const browser = "#sends";

describe("A world that stops at any call of any port", () => {
  it("while a token that the provider does not know is renewed: the message waits for it, and is said once", async function () {
    this.timeout(170_000);
    const room = await CrashRoom.make();
    await room.seat(browser, "Adam");
    await visitAll({
      name: "renew the token",
      async prepare(label) {
        const [text, reply] = [`${label} text`, `${label} reply`];
        await spoilToken(seatName(room.address, browser));
        return {
          ...room.world(browser),
          steps: [
            (page) => page.say(text),
            (page) => page.sent(text),
            () => room.watcherSays(reply),
            (page) => page.heard(reply),
          ],
          check: (page) => room.check(page, browser, [text, reply]),
        };
      },
      finish: () => room.finish([browser]),
    });
  });
});

/** The token that the seat keeps is one that the provider never gave. */
async function spoilToken(name: string): Promise<void> {
  const database = await openDB(name);
  const identity = await database.get("identity", "identity");
  await database.put("identity", { ...identity, token: { token: "spoilt", expiresAt: 0 } }, "identity");
  database.close();
}
