import { expect } from "@open-wc/testing";
import { CrashRoom } from "../support/crash-room.js";
import { visitAll } from "../support/crash-run.js";

/** A room with more would slow every later join down. */
const MOST_IN_A_ROOM = 30;

describe("A world that stops at any call of any port", () => {
  it("while somebody joins: there is one seat, and what is said from then on is heard once", async function () {
    this.timeout(170_000);
    let room = await CrashRoom.make();
    let browsers: string[] = [];
    let visits = 0;
    await visitAll({
      name: "join",
      async prepare(label) {
        if (browsers.length === MOST_IN_A_ROOM) {
          await room.finish(browsers);
          room = await CrashRoom.make();
          browsers = [];
        }
        const browser = `#joins-${++visits}`;
        const [nickname, hello, welcome] = [`Guest ${visits}`, `${label} hello`, `${label} welcome`];
        browsers.push(browser);
        return {
          ...room.world(browser),
          steps: [
            (page) => page.join(nickname),
            (page) => page.say(hello),
            (page) => page.sent(hello),
            () => room.watcherSays(welcome),
            (page) => page.heard(welcome),
          ],
          async check(page) {
            await room.check(page, browser, [hello, welcome]);
            const seats = room.watcher.engine.state.occupants.filter((occupant) => occupant.nickname === nickname);
            expect(seats.map(({ clients }) => clients)).to.deep.equal([1]);
          },
        };
      },
      finish: () => room.finish(browsers),
    });
  });
});
