import { expect } from "@open-wc/testing";
import { CrashRoom, isIn } from "../support/crash-room.js";
import { visitAll } from "../support/crash-run.js";
import type { Told } from "../support/engine-world.js";

const browser = "#bans";

describe("A world that stops at any call of any port", () => {
  it("while an owner bans somebody and speaks: that one is out by one commit, and the message said once", async function () {
    this.timeout(170_000);
    const room = await CrashRoom.make(browser);
    let visits = 0;
    await visitAll({
      name: "ban",
      // How an own commit is settled is seen at every point where the room is renamed.
      every: 4,
      async prepare(label) {
        const [text, reply, nickname] = [`${label} text`, `${label} reply`, `Mallory ${++visits}`];
        const mallory = await room.guest(nickname);
        const user = mallory.engine.state.me?.userUri ?? "";
        return {
          ...room.world(browser),
          steps: [
            (page) => page.told.until("Mallory is in", () => isIn(page, nickname)),
            (page) => Promise.all([page.call((seat) => seat.changeStanding(user, "banned")), page.say(text)]),
            (page) => page.sent(text),
            () => room.watcherSays(reply),
            (page) => page.heard(reply),
          ],
          async check(page) {
            await mallory.told.until("it is told", ({ state }) => state?.problem?.code === "banned");
            mallory.engine.stop();
            await room.check(page, browser, [text, reply]);
            expect(isIn(room.watcher, nickname)).to.equal(false);
            for (const told of [room.watcher.told, page.told]) expect(timesBanned(told, user)).to.equal(1);
            expect(mallory.told.texts).to.not.include(text);
          },
        };
      },
      finish: () => room.finish([browser]),
    });
  });
});

function timesBanned({ timeline }: Told, user: string): number {
  return timeline.filter(({ content, sender }) => {
    return content.kind === "removed" && content.banned === true && sender.userUri === user;
  }).length;
}
