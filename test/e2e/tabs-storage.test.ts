import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Page } from "../support/browser-page.js";
import { enginesAmong } from "../support/browsers.js";
import { LogWitness } from "../support/log-witness.js";
import { type PlainSite, startPlainSite } from "../support/plain-site.js";
import { COMPOSER, join, say, seeSent, texts } from "../support/room-page.js";
import { type Stage, startStage } from "../support/stage.js";
import { startTabLab, type TabLab } from "../support/tab-lab.js";

/** Says a text. Resolves with whether it was sent; if not, the page says that there is no room. */
async function isKept(page: Page, text: string): Promise<boolean> {
  await say(page, text);
  const outcome = await page.waitFor(
    `"${text}" is sent, or there is no room`,
    (dom, text) => {
      if (dom.find({ css: ".banner", text: "no room left" })) return "refused";
      const sent = dom
        .all({ css: "mimi-room-message" })
        .map((message) => message.shadowRoot?.querySelector("article.sent [part~=bubble]")?.textContent ?? "");
      return sent.map(dom.tidy).includes(text) && "sent";
    },
    text,
  );
  return outcome === "sent";
}

for (const engine of enginesAmong("chromium", "firefox")) {
  describe(`storage that goes away, in ${engine}`, () => {
    let stage: Stage;
    let site: PlainSite;
    let witness: LogWitness;
    let lab: TabLab;

    before(async () => {
      [stage, lab] = await Promise.all([startStage(), startTabLab(engine)]);
      witness = await LogWitness.makeRoom(stage.provider);
      site = await startPlainSite({ provider: stage.provider, room: witness.room });
    });

    after(async () => {
      await lab?.close();
      await site?.stop();
      await stage?.stop();
    });

    it("is said when the site's data is deleted, with a way back in", async () => {
      const { page } = await lab.open(site.room);
      await join(page, "Ada");
      await say(page, "said before");
      await seeSent(page, "said before");
      const other = await lab.open(site.forget);
      await page.bringToFront();
      await page.see({ css: ".banner", text: "data was deleted" });
      // What was said is there to be read, until one goes.
      assert.deepEqual(await texts(page), ["said before"]);
      await page.click({ role: "button", name: "join again" });
      await page.see(COMPOSER);
      await say(page, "said after");
      await seeSent(page, "said before", "said after");
      await page.reload();
      await seeSent(page, "said after");
      assert.deepEqual(await texts(page), ["said after"]);
      await witness.read();
      await Promise.all([page.close(), other.page.close()]);
    });

    // Only Chromium can be told how much room there is; Firefox meets a full disk in test/worker/hard-times.
    if (engine === "chromium") {
      it("loses nothing when the disk is full, and goes on when it is not", async () => {
        const tab = await lab.open(site.room);
        const { page } = tab;
        await page.see(COMPOSER);
        const devtools = await tab.devtools();
        const { origin } = new URL(site.room);
        await devtools.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1 });
        // Chromium asks anew how much room there is every half minute only: until then something is kept.
        let kept = 0;
        while (await isKept(page, `text ${kept}`)) kept += 1;
        const taken = (await texts(page)).includes(`text ${kept}`);
        await devtools.send("Storage.overrideQuotaForOrigin", { origin });
        // What was not taken any more was given back to whoever typed it; what was goes on by itself.
        if (!taken) await page.press("Enter");
        await seeSent(page, `text ${kept}`);
        await page.seeNo({ css: ".banner", text: "no room left" });
        const all = (await texts(page)).filter((text) => text.startsWith("text "));
        assert.deepEqual(all, [...new Set(all)]);
        await witness.read();
        await page.close();
      });
    }

    it("is there in a private window, for as long as that is open", async () => {
      const inPrivate = await startTabLab(engine, { inPrivate: true });
      try {
        const { page } = await inPrivate.open(site.room);
        await join(page, "Priya");
        await say(page, "said in private");
        await seeSent(page, "said in private");
        await page.reload();
        await seeSent(page, "said in private");
        await say(page, "and on");
        await seeSent(page, "said in private", "and on");
        await witness.read();
      } finally {
        await inPrivate.close();
      }
    });
  });
}
