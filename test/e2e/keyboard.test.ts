import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Page } from "../support/browser-page.js";
import { type Browser, enginesAmong, launch, type Profile } from "../support/browsers.js";
import { COMPOSER, texts } from "../support/room-page.js";
import { type Stage, startStage } from "../support/stage.js";

/** MiniBrowser's window is never narrower than its tool bar, so WebKit cannot be asked for 320 px. */
for (const engine of enginesAmong("chromium", "firefox")) {
  describe(`by keyboard alone, 320 px wide, in ${engine}`, () => {
    let stage: Stage;
    let browser: Browser;
    let profile: Profile;
    let page: Page;

    /** What scrolls sideways is cut off or in the way at this width. */
    const fits = async (): Promise<void> => {
      const [width, shown] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.equal(shown, 320);
      assert.ok((width ?? 0) <= 320, `the page is ${width} px wide`);
    };

    const hasFocus = (what: string, css: string): Promise<true> =>
      page.waitFor(`focus on ${what}`, (dom, css) => (dom.focused()?.matches(css) ? true : undefined), css);

    before(async () => {
      [stage, browser] = await Promise.all([startStage(), launch(engine)]);
      profile = await browser.newProfile();
      page = await profile.open("about:blank");
      await page.resize(320, 640);
      await page.goto(stage.site);
    });

    after(async () => {
      await browser?.close();
      await stage?.stop();
    });

    it("one joins", async () => {
      await page.see({ role: "button", name: "join the room" });
      await fits();
      await page.tabTo({ role: "textbox", name: "your name" });
      await page.type("Ada");
      await page.tabTo({ role: "button", name: "join the room" });
      await page.press("Enter");
      await page.see(COMPOSER);
      await fits();
    });

    it("the focus does not fall to the page's body", async () => {
      await hasFocus("something in the room", ":not(body)");
    });

    it("one writes: Enter sends, Shift and Enter break the line", async () => {
      await page.tabTo(COMPOSER);
      await page.type("first line");
      await page.press("Enter", { shift: true });
      await page.type("second line");
      await page.press("Enter");
      await page.see({ css: "mimi-room-message", text: "second line" });
      assert.equal((await texts(page)).length, 1);
      await page.type("a long word: Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft");
      await page.press("Enter");
      await page.see({ css: "mimi-room-message", text: "Donaudampf" });
      await fits();
    });

    it("the composer is as good as the page is wide", async () => {
      const { width, height } = await page.evaluate((dom) => {
        const box = dom.find({ css: "textarea" })?.getBoundingClientRect();
        return { width: box?.width ?? 0, height: box?.height ?? 0 };
      });
      assert.ok(width >= 180, `the field is ${width} px wide`);
      assert.ok(height >= 44, `the field is ${height} px high`);
    });

    it("one looks at who is inside, and comes back", async () => {
      await page.tabTo({ role: "button", name: "show people" }, { shift: true });
      await page.press("Enter");
      await page.see({ part: "occupant", text: "Ada" });
      await fits();
      await page.press("Escape");
      await page.seeNo({ part: "occupant" });
      await hasFocus("the button that opened the list", ".occupants");
    });

    it("one leaves, after a question, and may come back", async () => {
      await page.tabTo({ role: "button", name: "leave" });
      await page.press("Enter");
      await hasFocus("the safe answer", ".stay");
      await page.tabTo({ css: ".danger" });
      await page.press("Enter");
      await page.see({ role: "button", name: "join again" });
      await hasFocus("something in the room", ":not(body)");
      await fits();
    });
  });
}
