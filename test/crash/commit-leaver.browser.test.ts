import { expect } from "@open-wc/testing";
import { CrashRoom, isIn } from "../support/crash-room.js";
import { once, visitAll } from "../support/crash-run.js";

describe("A world that stops at any call of any port", () => {
  it("while somebody who leaves is committed and spoken over: the leaver is out, and the message said once", async function () {
    this.timeout(170_000);
    const room = await CrashRoom.make();
    const browser = "#stays";
    await room.seat(browser, "Adam");
    let visits = 0;
    await visitAll({
      name: "commit a leaver",
      async prepare(label) {
        const [text, reply, nickname] = [`${label} text`, `${label} reply`, `Leaver ${++visits}`];
        const leaver = await room.guest(nickname);
        const go = once(() => leaver.engine.leave());
        return {
          ...room.world(browser),
          steps: [
            (page) => page.told.until("the leaver is in", () => isIn(page, nickname)),
            // Else the owner, who is first in rank, commits.
            async () => room.watcher.engine.pause(),
            go,
            (page) => page.say(text),
            (page) => page.sent(text),
            (page) => page.told.until("the leaver is out", () => !isIn(page, nickname)),
            async () => room.watcher.engine.resume(),
            () => room.watcherSays(reply),
            (page) => page.heard(reply),
          ],
          async check(page) {
            leaver.engine.stop();
            await room.check(page, browser, [text, reply]);
            expect(isIn(room.watcher, nickname)).to.equal(false);
          },
        };
      },
      finish: () => room.finish([browser]),
    });
  });
});
