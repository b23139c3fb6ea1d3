import { CrashRoom } from "../support/crash-room.js";
import { once, visitAll } from "../support/crash-run.js";
import { isOfForgery } from "../support/forged-commits.js";

describe("A world that stops at any call of any port", () => {
  it("while a proposal to leave is refused that nobody can check: the room goes on, and each message is said once", async function () {
    this.timeout(170_000);
    const browser = "#refuses-proposal";
    const room = await CrashRoom.make();
    await room.seat(browser, "Adam");
    await visitAll({
      name: "refuse a proposal",
      every: 6,
      async prepare(label) {
        const [typed, later] = [`${label} typed`, `${label} later`];
        const poison = once(() => room.poisonByLeaving());
        return {
          ...room.world(browser),
          steps: [
            poison,
            (page) => page.say(typed),
            (page) => page.sent(typed),
            () => room.watcherSays(later),
            (page) => page.heard(later),
          ],
          check: (page) => room.check(page, browser, [typed, later]),
        };
      },
      finish: () => room.finish([browser]),
      expects: isOfForgery,
    });
  });
});
