import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Page } from "../support/browser-page.js";
import { type Browser, engines, launch, type Profile } from "../support/browsers.js";
import { arrive, COMPOSER, join, people, say, seePeople, seeSent, seeStatus, texts } from "../support/room-page.js";
import { type Stage, startStage } from "../support/stage.js";

for (const engine of engines()) {
  describe(`every message arrives exactly once, in ${engine}`, () => {
    let stage: Stage;
    let browser: Browser;
    let adas: Profile;
    let bobs: Profile;
    let ada: Page;
    let bob: Page;
    const said: string[] = [];

    /** Ada says something in one of her tabs; it is noted as said. */
    const adaSays = async (page: Page, ...words: string[]): Promise<void> => {
      said.push(...words);
      await say(page, ...words);
    };

    /** What has been said stands once, and in the same order, in all the pages. */
    const onceEverywhere = async (...pages: Page[]): Promise<void> => {
      await Promise.all(pages.map((page) => seeSent(page, ...said)));
      const [order = [], ...others] = await Promise.all(pages.map(texts));
      assert.deepEqual([...order].sort(), [...said].sort());
      for (const other of others) assert.deepEqual(other, order);
    };

    before(async () => {
      [stage, browser] = await Promise.all([startStage(), launch(engine)]);
      [adas, bobs] = await Promise.all([browser.newProfile(), browser.newProfile()]);
      ada = await arrive(adas, stage.site, "Ada");
      bob = await arrive(bobs, stage.site, "Bob");
      await Promise.all([seePeople(ada, 2), seePeople(bob, 2)]);
    });

    after(async () => {
      await browser?.close();
      await stage?.stop();
    });

    it("after a reload, with the same nickname and one seat", async () => {
      await adaSays(ada, "before the reload");
      await ada.reload();
      await ada.see(COMPOSER);
      await adaSays(ada, "after the reload");
      await onceEverywhere(ada, bob);
      await seePeople(bob, 2);
      assert.deepEqual(await people(bob), ["Ada", "Bob"]);
    });

    it("with a reload right after Enter", async () => {
      await adaSays(ada, "and gone");
      await ada.reload();
      await ada.see(COMPOSER);
      await onceEverywhere(ada, bob);
    });

    it("from a second tab, which shows the same timeline", async () => {
      const second = await adas.open(stage.site);
      await second.see(COMPOSER);
      await onceEverywhere(ada, second, bob);
      await adaSays(second, "from the second tab");
      await ada.bringToFront();
      await adaSays(ada, "from the first tab");
      await onceEverywhere(ada, second, bob);
      assert.deepEqual(await people(bob), ["Ada", "Bob"]);

      await ada.close();
      ada = second;
      await ada.bringToFront();
      await adaSays(ada, "after the first tab is closed");
      await onceEverywhere(ada, bob);
    });

    it("written while offline", async () => {
      adas.road.cut();
      await adaSays(ada, "written offline", "and one more");
      await seeStatus(ada, "and one more", "waiting");
      said.push("said meanwhile");
      await say(bob, "said meanwhile");
      await seeSent(bob, "said meanwhile");
      adas.road.restore();
      await onceEverywhere(ada, bob);
    });

    it("when the answer to a send is lost", async () => {
      const lost = adas.road.loseReply(({ method, path }) => method === "POST" && path.endsWith("/submitMessage"));
      await adaSays(ada, "its answer is lost");
      assert.equal(await lost, 200);
      await onceEverywhere(ada, bob);
    });

    it("when the answer to a join is lost, and the joiner has one seat", async () => {
      const cleos = await browser.newProfile();
      const cleo = await cleos.open(stage.site);
      const lost = cleos.road.loseReply(({ method, path }) => method === "POST" && path.endsWith("/update"));
      await join(cleo, "Cleo");
      assert.equal(await lost, 200);
      await Promise.all([seePeople(cleo, 3), seePeople(ada, 3), seePeople(bob, 3)]);
      assert.deepEqual(await people(bob), ["Ada", "Bob", "Cleo"]);
      said.push("Cleo is here");
      await say(cleo, "Cleo is here");
      await onceEverywhere(ada, bob);
    });
  });
}
