import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Page } from "../support/browser-page.js";
import { type Browser, engines, launch, type Profile } from "../support/browsers.js";
import { arrive, say, seePeople, seeSent, texts, transcript } from "../support/room-page.js";
import { type Stage, startStage } from "../support/stage.js";

const TEN = Array.from({ length: 10 }, (_, index) => index + 1);

for (const engine of engines()) {
  describe(`two strangers on a page of another origin, in ${engine}`, () => {
    let stage: Stage;
    let browser: Browser;
    let profiles: [Profile, Profile];
    let ada: Page;
    let bob: Page;

    before(async () => {
      [stage, browser] = await Promise.all([startStage(), launch(engine)]);
      profiles = await Promise.all([browser.newProfile(), browser.newProfile()]);
    });

    after(async () => {
      await browser?.close();
      await stage?.stop();
    });

    it("both join", async () => {
      ada = await arrive(profiles[0], stage.site, "Ada");
      bob = await arrive(profiles[1], stage.site, "Bob");
      await Promise.all([seePeople(ada, 2), seePeople(bob, 2)]);
    });

    it("write ten messages each way and see the same order", async () => {
      const adas = TEN.map((number) => `Ada says ${number}`);
      const bobs = TEN.map((number) => `Bob says ${number}`);
      await Promise.all([say(ada, ...adas), say(bob, ...bobs)]);
      await Promise.all([seeSent(ada, ...adas, ...bobs), seeSent(bob, ...adas, ...bobs)]);
      const order = await texts(ada);
      assert.equal(order.length, 20);
      assert.deepEqual(await texts(bob), order);
      assert.deepEqual(
        order.filter((text) => text.startsWith("Ada")),
        adas,
      );
      assert.deepEqual(
        order.filter((text) => text.startsWith("Bob")),
        bobs,
      );
      for (const message of await transcript(bob)) assert.equal(message.own, message.text.startsWith("Bob"));
    });

    it("cause no policy report and no complaint in the console", () => {
      assert.deepEqual(stage.reports, []);
      assert.deepEqual([...ada.complaints], []);
      assert.deepEqual([...bob.complaints], []);
    });

    it("send no request to a third origin", () => {
      const known = [stage.provider, new URL(stage.site).origin].sort();
      for (const profile of profiles) assert.deepEqual(profile.origins(), known);
    });

    it("leave nothing readable at the provider", () => {
      const kept = stage.keptBytes();
      assert.ok(kept.includes("Ada"), "the nickname, which the provider does see, is found by the same search");
      for (const number of TEN) assert.ok(!kept.includes(`Bob says ${number}`));
    });
  });
}
