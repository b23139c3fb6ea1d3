import { CrashRoom } from "../support/crash-room.js";
import { once, visitAll } from "../support/crash-run.js";
import { Network } from "../support/engine-network.js";

const browser = "#sends";

describe("A world that stops at any call of any port", () => {
  it("while a message waits for the network and the epoch ends: it is protected anew, and said once", async function () {
    this.timeout(170_000);
    const room = await CrashRoom.make();
    await room.seat(browser, "Adam");
    await visitAll({
      name: "send again",
      async prepare(label) {
        const [text, reply] = [`${label} text`, `${label} reply`];
        const network = new Network();
        const moveEpoch = once(() => room.moveEpoch());
        return {
          ...room.world(browser, network),
          steps: [
            (page) => page.told.until("it is online", ({ state }) => state?.connection === "online"),
            // The epoch ends, and this browser does not hear of it.
            async () => network.tamperEvents(() => []),
            moveEpoch,
            async () => network.cut(),
            (page) => page.say(text),
            async () => network.tamperEvents((_, frame) => [frame]),
            async () => network.restore(),
            (page) => page.call((seat) => seat.reconnect()),
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
