import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Page } from "../support/browser-page.js";
import { type Browser, engines, launch, type Profile } from "../support/browsers.js";
import { type Addresses, type DemoProcess, newDemoProcess } from "../support/demo-process.js";
import { arrive, join, leave, say, seePeople, seeSent, texts } from "../support/room-page.js";

for (const engine of engines()) {
  describe(`the provider is stopped and started again, in ${engine}`, () => {
    let demo: DemoProcess;
    let addresses: Addresses;
    let browser: Browser;
    let profiles: [Profile, Profile];
    let ada: Page;
    let bob: Page;

    const restart = async (): Promise<void> => {
      assert.equal(await demo.interrupt(), 0, "it stops cleanly");
      assert.deepEqual(await demo.start(), addresses);
    };

    before(async () => {
      [demo, browser] = await Promise.all([newDemoProcess(), launch(engine)]);
      [addresses, ...profiles] = await Promise.all([demo.start(), browser.newProfile(), browser.newProfile()]);
    });

    after(async () => {
      await browser?.close();
      await demo?.dispose();
    });

    it("a visitor finds room, seat and messages again", async () => {
      ada = await arrive(profiles[0], addresses.site, "Ada");
      await say(ada, "said before");
      await seeSent(ada, "said before");
      await restart();
      await say(ada, "said after");
      await seeSent(ada, "said before", "said after");
      await ada.reload();
      await seeSent(ada, "said before", "said after");
      assert.deepEqual(await texts(ada), ["said before", "said after"]);
    });

    it("what was written while it was away is sent once", async () => {
      bob = await arrive(profiles[1], addresses.site, "Bob");
      await seePeople(ada, 2);
      await demo.interrupt();
      await say(ada, "said while nobody answers");
      await demo.start();
      await Promise.all([ada, bob].map((page) => seeSent(page, "said while nobody answers")));
      assert.deepEqual(await texts(bob), ["said while nobody answers"]);
    });

    it("the room is there again when everybody had left", async () => {
      await leave(ada);
      await leave(bob);
      await restart();
      await bob.reload();
      await bob.see({ css: "mimi-room-preview", text: "Nobody inside" });
      await join(bob, "Bob");
      await seePeople(bob, 1);
      await say(bob, "a new group");
      await seeSent(bob, "a new group");
    });
  });
}
