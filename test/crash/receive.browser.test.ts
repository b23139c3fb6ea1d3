import { CrashRoom } from "../support/crash-room.js";
import { once, visitAll } from "../support/crash-run.js";

describe("A world that stops at any call of any port", () => {
  it("while messages and a commit are received: each message is shown once", async function () {
    this.timeout(170_000);
    const browser = "#receives";
    const room = await CrashRoom.make();
    await room.seat(browser, "Adam");
    await visitAll({
      name: "receive",
      async prepare(label) {
        const [missed, live, later] = [`${label} missed`, `${label} live`, `${label} later`];
        await room.watcherSays(missed);
        const moveEpoch = once(() => room.moveEpoch());
        return {
          ...room.world(browser),
          steps: [
            (page) => page.heard(missed),
            () => room.watcherSays(live),
            moveEpoch,
            () => room.watcherSays(later),
            (page) => page.heard(live),
            (page) => page.heard(later),
          ],
          check: (page) => room.check(page, browser, [missed, live, later]),
        };
      },
      finish: () => room.finish([browser]),
    });
  });
});
