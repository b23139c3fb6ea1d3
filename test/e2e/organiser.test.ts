import assert from "node:assert/strict";
import { appendFileSync, cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { Page } from "../support/browser-page.js";
import { type Browser, engines, launch, type Profile } from "../support/browsers.js";
import { startPolicedSite } from "../support/policed-site.js";
import { arrive, COMPOSER, join, say, seePeople, seeSent } from "../support/room-page.js";
import { type Stage, startStage } from "../support/stage.js";

const PEOPLE = { role: "button", name: "show people" };
const RULES = { role: "button", name: "rules", exact: true };
const UNDO = { role: "button", name: "undo", exact: true };
const LOCKED = { text: "The room is locked down", part: "banner" };

for (const engine of engines()) {
  describe(`an organiser on a page of another origin, in ${engine}`, () => {
    let stage: Stage;
    let browser: Browser;
    let mallorys: Profile;
    let olga: Page;
    let mallory: Page;

    before(async () => {
      [stage, browser] = await Promise.all([startStage(), launch(engine)]);
    });

    after(async () => {
      await browser?.close();
      await stage?.stop();
    });

    it("gets the tools from the provider, and a visitor does not", async () => {
      const olgas = await browser.newProfile();
      olga = await comeAsOwner(olgas, stage);
      mallorys = await browser.newProfile();
      mallory = await arrive(mallorys, stage.site, "Mallory");
      await seePeople(olga, 2);
      await mallory.click(PEOPLE);
      await mallory.see({ part: "occupant", text: "Owner" });
      assert.equal(await mallory.count({ part: "person-button" }), 0);
      await mallory.click({ role: "button", name: "hide people" });
      await olga.click(PEOPLE);
      await olga.see(RULES);
      const asked = (profile: Profile) => profile.road.seen.filter(({ path }) => path.includes("organiser")).length;
      assert.equal(asked(olgas), 1);
      assert.equal(asked(mallorys), 0);
    });

    it("locks the room down, gives voice in it, and opens it again", async () => {
      await say(mallory, "before");
      await seeSent(olga, "before");
      await olga.click({ role: "button", name: "lock down" });
      await Promise.all([olga.see(LOCKED), mallory.see(LOCKED)]);
      await mallory.see({ css: "textarea[readonly]" });
      await moderate(olga, "Mallory", "give voice");
      await mallory.seeNo({ css: "textarea[readonly]" });
      await mallory.see({ text: "Olga gave you voice" });
      await say(mallory, "with a voice");
      await seeSent(olga, "before", "with a voice");
      await olga.click({ role: "button", name: "end lockdown" });
      await Promise.all([olga.seeNo(LOCKED), mallory.seeNo(LOCKED)]);
    });

    it("bans somebody, who is told by whom and cannot come back, and takes it back", async () => {
      await moderate(olga, "Mallory", "ban", "ban");
      await olga.see({ text: "Mallory is banned." });
      await mallory.see({ text: "Olga banned you" });
      await mallory.reload();
      await mallory.see({ text: "You are banned" });
      await olga.click(UNDO);
      await olga.see({ text: "Undone: Mallory is what they were before." });
      await mallory.reload();
      await join(mallory, "Mal");
      await olga.see({ part: "occupant", text: "Mal" });
    });

    it("changes the rules when it is clear what that does", async () => {
      await olga.click(RULES);
      await olga.click({ css: "#moderated" });
      await olga.click({ role: "button", name: "see what this does" });
      await olga.see({ text: "Newcomers are told" });
      await olga.click({ role: "button", name: "save the rules" });
      await olga.see({ text: "The rules are changed." });
      await mallory.see({ text: "Olga changed the rules of the room." });
    });

    it("is told who does not accept a change, whom it then takes out, and who may come back when they do", async () => {
      const vera = await (await browser.newProfile()).open(stage.site);
      await vera.click({ css: "summary", text: "What I accept" });
      await vera.click({ css: "label", text: "Newcomers may be shown what was said before" });
      await join(vera, "Vera");
      await olga.click(RULES);
      await olga.see({ css: "#historySeconds" });
      await olga.evaluate((dom) => {
        const field = dom.find({ css: "#historySeconds" });
        if (!(field instanceof HTMLSelectElement)) throw new Error("no choice");
        field.value = String(24 * 60 * 60);
        field.dispatchEvent(new Event("change"));
      });
      await olga.click({ role: "button", name: "see what this does" });
      await olga.see({ text: "Vera is taken out of the room." });
      await olga.click({ role: "button", name: "save the rules" });
      await olga.see({ text: "The rules are changed." });
      await vera.see({
        part: "banner",
        text: "Newcomers may be shown earlier messages here, and you do not accept that.",
      });
      await vera.click({ role: "button", name: "join again" });
      await vera.click({ css: "label", text: "Newcomers may be shown what was said before" });
      await join(vera, "Vera");
      await olga.see({ part: "occupant", text: "Vera" });
    });

    it("causes no policy report and no complaint in the console", () => {
      assert.deepEqual(stage.reports, []);
      assert.deepEqual([...olga.complaints], []);
    });
  });

  describe(`the organisers' tools, in ${engine}`, () => {
    let stage: Stage;
    let browser: Browser;

    before(async () => {
      [stage, browser] = await Promise.all([startStage(), launch(engine)]);
    });

    after(async () => {
      await browser?.close();
      await stage?.stop();
    });

    it("are loaded by a second try when the first met no network", async () => {
      const profile = await browser.newProfile();
      const olga = await comeAsOwner(profile, stage);
      profile.road.cut();
      await olga.click(PEOPLE);
      await olga.see({ text: "The organiser’s tools did not load.", role: "alert" });
      profile.road.restore();
      await olga.click({ role: "button", name: "try again", css: ".tools button" });
      await olga.see(RULES);
    });

    it("are refused when the provider has swapped them: the script that a site pins has their hash", async () => {
      const distDir = mkdtempSync(joinPath(tmpdir(), "mimi-swapped-"));
      cpSync(fileURLToPath(new URL("../../dist", import.meta.url)), distDir, { recursive: true });
      const [tools = ""] = readdirSync(distDir).filter((name) => name.startsWith("mimi-room-organiser-"));
      appendFileSync(joinPath(distDir, tools), "document.title = 'swapped';");
      const swapped = await startStage({ distDir });
      try {
        const olga = await comeAsOwner(await browser.newProfile(), swapped);
        await olga.click(PEOPLE);
        await olga.see({ text: "The organiser’s tools did not load.", role: "alert" });
        assert.notEqual(await olga.evaluate(() => document.title), "swapped");
      } finally {
        await swapped.stop();
        rmSync(distDir, { recursive: true, force: true });
      }
    });

    it("come with the nonce of the page's scripts", async () => {
      const rest = `worker-src blob:; connect-src ${stage.provider} ${stage.provider.replace(/^http/u, "ws")}`;
      const site = await startPolicedSite(stage, `script-src 'nonce-n0nce'; ${rest}`);
      try {
        const olga = await arrive(await browser.newProfile(), site.url, "Olga");
        await olga.click(PEOPLE);
        await olga.see(RULES);
      } finally {
        await site.stop();
      }
    });

    it("say what the page's policy lacks when it blocks them", async () => {
      const script = `${stage.provider}/mimi-room.js`;
      const site = await startPolicedSite(stage, `script-src 'unsafe-inline' ${script}; worker-src blob:`);
      try {
        const olga = await arrive(await browser.newProfile(), site.url, "Olga");
        await olga.click(PEOPLE);
        await olga.see({ text: "let “script-src” allow where the room’s script is from", role: "alert" });
      } finally {
        await site.stop();
      }
    });
  });
}

/** Joins on the site as the room's owner, whose key the page has from elsewhere. */
async function comeAsOwner(profile: Profile, { site, ownerKey }: Stage): Promise<Page> {
  const page = await profile.open(site);
  await page.see({ role: "button", name: "join the room" });
  await page.evaluate((dom, userKey) => {
    const before = dom.find({ css: "mimi-room" });
    const room = document.createElement("mimi-room");
    for (const name of ["provider", "room"]) room.setAttribute(name, before?.getAttribute(name) ?? "");
    Object.assign(room, { userKey });
    before?.replaceWith(room);
  }, ownerKey);
  await join(page, "Olga");
  return page;
}

/** Opens what can be done to somebody and does it; `confirm` names the button that asks once more. */
async function moderate(page: Page, who: string, deed: string, confirm?: string): Promise<void> {
  await page.click({ role: "button", name: `what to do about ${who}` });
  await page.click({ part: "action", text: sentenceCase(deed) });
  if (confirm !== undefined) await page.click({ role: "button", name: confirm, exact: true, css: ".danger" });
  await page.see(COMPOSER);
}

function sentenceCase(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
