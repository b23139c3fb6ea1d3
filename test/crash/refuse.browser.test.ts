import { CrashRoom } from "../support/crash-room.js";
import { once, visitAll } from "../support/crash-run.js";
import { isOfForgery } from "../support/forged-commits.js";

describe("A world that stops at any call of any port", () => {
  it("while a commit is refused that nobody can follow: the room goes on, and each message is said once", async function () {
    this.timeout(170_000);
    const browser = "#refuses";
    const room = await CrashRoom.make();
    await room.seat(browser, "Adam");
    await visitAll({
      name: "refuse",
      every: 3,
      async prepare(label) {
        const [missed, typed, later] = [`${label} missed`, `${label} typed`, `${label} later`];
        await room.watcherSays(missed);
        const poison = once(() => room.poison());
        return {
          ...room.world(browser),
          steps: [
            (page) => page.heard(missed),
            poison,
            (page) => page.say(typed),
            (page) => page.sent(typed),
            () => room.watcherSays(later),
            (page) => page.heard(later),
          ],
          check: (page) => room.check(page, browser, [missed, typed, later]),
        };
      },
      finish: () => room.finish([browser]),
      expects: isOfForgery,
    });
  });
});
