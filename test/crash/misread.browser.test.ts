import { MlsError } from "../../src/mls/mls-error.js";
import { CrashRoom } from "../support/crash-room.js";
import { once, visitAll } from "../support/crash-run.js";
import { Network } from "../support/engine-network.js";

describe("A world that stops at any call of any port", () => {
  it("while a commit is refused that only this client misreads: it is back, and each message is said once", async function () {
    this.timeout(170_000);
    const browser = "#misreads";
    const room = await CrashRoom.make();
    // Who joins by the commit that is misread is a line that this client never has.
    await room.moveEpoch();
    await room.seat(browser, "Adam");
    await visitAll({
      name: "misread",
      every: 3,
      async prepare(label) {
        const [missed, typed, later] = [`${label} missed`, `${label} typed`, `${label} later`];
        await room.watcherSays(missed);
        const moveEpoch = once(() => room.moveEpoch());
        const network = new Network();
        network.misreadCommit();
        return {
          ...room.world(browser, network),
          steps: [
            (page) => page.heard(missed),
            moveEpoch,
            (page) => page.say(typed),
            (page) => page.sent(typed),
            () => room.watcherSays(later),
            (page) => page.heard(later),
          ],
          check: (page) => room.check(page, browser, [missed, typed, later]),
        };
      },
      finish: () => room.finish([browser]),
      expects: ({ error }) => error instanceof MlsError && error.code === "invalidGroupInfo",
    });
  });
});
