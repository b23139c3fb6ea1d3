import { CrashRoom } from "../support/crash-room.js";
import { visitAll } from "../support/crash-run.js";

const browser = "#sends";

describe("A world that stops at any call of any port", () => {
  it("while two messages are sent: each is said once", async function () {
    this.timeout(170_000);
    const room = await CrashRoom.make();
    await room.seat(browser, "Adam");
    await visitAll({
      name: "send",
      async prepare(label) {
        const [one, two, reply] = [`${label} one`, `${label} two`, `${label} reply`];
        return {
          ...room.world(browser),
          steps: [
            (page) => page.say(one),
            (page) => page.say(two),
            (page) => page.sent(two),
            () => room.watcherSays(reply),
            (page) => page.heard(reply),
          ],
          check: (page) => room.check(page, browser, [one, two, reply]),
        };
      },
      finish: () => room.finish([browser]),
    });
  });
});
