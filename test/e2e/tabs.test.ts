import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { enginesAmong } from "../support/browsers.js";
import { LogWitness } from "../support/log-witness.js";
import { type PlainSite, startPlainSite } from "../support/plain-site.js";
import { COMPOSER, join, say, seeSent, texts } from "../support/room-page.js";
import { type Stage, startStage } from "../support/stage.js";
import { startTabLab, type Tab, type TabLab } from "../support/tab-lab.js";

const onLinux = process.platform === "linux";

for (const engine of enginesAmong("chromium", "firefox")) {
  describe(`the tabs of a browser, in ${engine}`, { skip: !onLinux && "needs /proc" }, () => {
    let stage: Stage;
    let site: PlainSite;
    let lab: TabLab;
    let witness: LogWitness;
    let first: Tab;
    let second: Tab;
    let said: string[];

    const says = async ({ page }: Tab, ...words: string[]): Promise<void> => {
      said.push(...words);
      await say(page, ...words);
    };

    /** What has been said stands once, and in the same order, in all the tabs; and no key and nonce was used twice. */
    const onceEverywhere = async (...tabs: Tab[]): Promise<void> => {
      await Promise.all(tabs.map(({ page }) => seeSent(page, ...said)));
      const [order = [], ...others] = await Promise.all(tabs.map(({ page }) => texts(page)));
      assert.deepEqual([...order].sort(), [...said].sort());
      for (const other of others) assert.deepEqual(other, order);
      await witness.read();
    };

    /** Whether the tab could send the text; if not it says that another tab has the room. */
    const tookOver = ({ page }: Tab, text: string): Promise<boolean> =>
      page
        .waitFor(
          "a message that is sent, or why not",
          (dom, text) => {
            if (dom.find({ css: ".banner", text: "open in another tab" })) return "refused";
            const sent = dom
              .all({ css: "mimi-room-message" })
              .map((message) => message.shadowRoot?.querySelector("article.sent [part~=bubble]")?.textContent ?? "");
            return sent.map(dom.tidy).includes(text) && "sent";
          },
          text,
        )
        .then((outcome) => outcome === "sent");

    before(async () => {
      [stage, lab] = await Promise.all([startStage(), startTabLab(engine)]);
      witness = await LogWitness.makeRoom(stage.provider);
      site = await startPlainSite({ provider: stage.provider, room: witness.room });
    });

    beforeEach(async () => {
      said = [];
      first = await lab.open(site.room);
      await join(first.page, "Ada");
      second = await lab.open(site.room);
      await second.page.see(COMPOSER);
    });

    afterEach(async () => {
      await Promise.all([first, second].map((tab) => tab.page.goto(site.forget).catch(() => {})));
      await Promise.all([first, second].map((tab) => tab.page.close().catch(() => {})));
    });

    after(async () => {
      await lab?.close();
      await site?.stop();
      await stage?.stop();
    });

    it("go on when the leading one is left for another page, and when it comes back", async () => {
      await first.page.bringToFront();
      await says(first, "before");
      await onceEverywhere(first, second);
      await first.mark();
      await first.leaveFor(site.elsewhere);
      await second.page.bringToFront();
      await says(second, "while it is away");
      await onceEverywhere(second);
      await first.page.bringToFront();
      // Chromium kept the page, its worker and its lock until that was stolen; Firefox keeps no page that holds one.
      assert.equal(await first.comeBackTo(site.room), engine === "chromium");
      await first.page.see(COMPOSER);
      await says(first, "when it is back");
      await onceEverywhere(first, second);
    });

    it("find all that was said when the only one comes back", async () => {
      await second.page.close();
      await first.page.bringToFront();
      await says(first, "alone");
      await onceEverywhere(first);
      await first.mark();
      await first.leaveFor(site.elsewhere);
      assert.equal(await first.comeBackTo(site.room), engine === "chromium");
      await first.page.see(COMPOSER);
      await says(first, "alone again");
      await onceEverywhere(first);
    });

    it("go on when the leading one freezes at any moment, and when it thaws", async (test) => {
      let [leading, following] = [first, second];
      for (const moment of [undefined, 0, 20, 40]) {
        const round = `${moment ?? "idle"}`;
        const pid = await leading.pid();
        assert.notEqual(pid, await following.pid(), "the tabs run in processes of their own");
        await following.page.bringToFront();
        await leading.page.bringToFront();
        await says(leading, `${round}: before`, `${round}: frozen in the middle`);
        if (moment === undefined) await onceEverywhere(leading, following);
        else await new Promise((resolve) => setTimeout(resolve, moment));
        // Firefox changes no tabs while one of them is stopped.
        if (engine === "firefox") await following.page.bringToFront();
        process.kill(pid, "SIGSTOP");
        let taken: boolean;
        try {
          if (engine !== "firefox") await following.page.bringToFront();
          await says(following, `${round}: said by the other`);
          taken = await tookOver(following, `${round}: said by the other`);
          test.diagnostic(`frozen ${round}: the other ${taken ? "took over" : "said that the first sits on the disk"}`);
          // Who sleeps in the middle of a transaction keeps it open, and everybody else out.
          if (moment === undefined) assert.equal(taken, true);
        } finally {
          process.kill(pid, "SIGCONT");
        }
        // What could not be kept is in the composer again.
        if (!taken) await following.page.press("Enter");
        await onceEverywhere(leading, following);
        await leading.page.bringToFront();
        await says(leading, `${round}: after the thaw`);
        await onceEverywhere(leading, following);
        [leading, following] = [following, leading];
      }
    });

    it("go on when the leading one is killed, which finds everything again", async () => {
      await first.page.bringToFront();
      await says(first, "killed in the middle");
      await seeSent(second.page, "killed in the middle");
      process.kill(await first.pid(), "SIGKILL");
      await second.page.bringToFront();
      await says(second, "said at once by the other");
      await onceEverywhere(second);
      first = await lab.open(site.room);
      await first.page.see(COMPOSER);
      await says(first, "and on");
      await onceEverywhere(first, second);
    });
  });
}
