import { expect } from "@open-wc/testing";
import { Page } from "../support/crash-page.js";
import { CrashRoom } from "../support/crash-room.js";
import { once, visitAll } from "../support/crash-run.js";

describe("A world that stops at any call of any port", () => {
  it("in the leading one of two tabs that both send: the other goes on, and each message is said once", async function () {
    this.timeout(170_000);
    const browser = "#tabs";
    const room = await CrashRoom.make();
    await room.seat(browser, "Adam");
    await visitAll({
      name: "lead another tab",
      async prepare(label) {
        const [text, others, reply] = [`${label} text`, `${label} from the other tab`, `${label} reply`];
        const other = new Page(room.world(browser));
        const open = once(() => other.open());
        const sayThere = once(() => other.say(others));
        return {
          ...room.world(browser),
          steps: [
            open,
            (page) => Promise.all([page.say(text), sayThere()]),
            (page) => Promise.all([page.sent(text), page.sent(others), other.sent(others)]),
            () => room.watcherSays(reply),
            (page) => Promise.all([page.heard(reply), other.heard(reply)]),
          ],
          async check(page) {
            await room.check(page, browser, [text, others, reply]);
            // What was said in this visit: a page that is loaded again is told the end of the timeline only.
            expect(other.told.timeline.slice(-3)).to.deep.equal(page.told.timeline.slice(-3));
            expect(other.told.faults).to.deep.equal([]);
            other.mortal.die();
          },
        };
      },
      finish: () => room.finish([browser]),
    });
  });
});
