import { expect } from "@open-wc/testing";
import { CrashRoom } from "../support/crash-room.js";
import { visitAll } from "../support/crash-run.js";
import type { Told } from "../support/engine-world.js";

const browser = "#renames";

describe("A world that stops at any call of any port", () => {
  it("while an owner changes the policy and speaks: the room is renamed once, and the message said once", async function () {
    this.timeout(170_000);
    const room = await CrashRoom.make(browser);
    await visitAll({
      name: "change the policy",
      async prepare(label) {
        const [text, reply] = [`${label} text`, `${label} reply`];
        return {
          ...room.world(browser),
          steps: [
            (page) => Promise.all([page.call((seat) => seat.rename(label)), page.say(text)]),
            (page) => page.sent(text),
            () => room.watcherSays(reply),
            (page) => page.heard(reply),
          ],
          async check(page) {
            await room.check(page, browser, [text, reply]);
            for (const told of [room.watcher.told, page.told]) expect(timesRenamed(told, label)).to.equal(1);
          },
        };
      },
      finish: () => room.finish([browser]),
    });
  });
});

function timesRenamed({ timeline }: Told, name: string): number {
  return timeline.filter(({ content }) => content.kind === "renamed" && content.name === name).length;
}
