import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join as joinPath } from "node:path";
import { after, before, describe, it } from "node:test";
import { hostPolicy } from "../../demo/host-server.js";
import type { Page } from "../support/browser-page.js";
import { type Browser, engines, launch, type Profile } from "../support/browsers.js";
import { type Addresses, type DemoProcess, newDemoProcess } from "../support/demo-process.js";
import { arrive, COMPOSER, people, say, seePeople, seeSent, texts } from "../support/room-page.js";

const PASSPHRASE = "correct horse battery";

/** WebKitWebDriver now and then stops answering here, with a second window open: WebKit runs the visitor's way only. */
for (const engine of engines().filter((name) => name !== "webkit")) {
  describe(`a site owner makes a room, in ${engine}`, () => {
    let demo: DemoProcess;
    let addresses: Addresses;
    let browser: Browser;
    let owners: Profile;
    let owner: Page;
    let site: Server | undefined;
    let snippet: string;
    let joinLink: string;

    before(async () => {
      [demo, browser] = await Promise.all([newDemoProcess(), launch(engine)]);
      [addresses, owners] = await Promise.all([demo.start(), browser.newProfile()]);
    });

    after(async () => {
      await browser?.close();
      await demo?.dispose();
      site?.closeAllConnections();
      site?.close();
    });

    it("by a name and a nickname on the provider's page", async () => {
      owner = await owners.open(addresses.provider);
      await owner.fill({ role: "textbox", name: "what is the room called" }, "Questions for the mayor");
      await owner.fill({ role: "textbox", name: "your own name" }, "Olga");
      await owner.click({ role: "button", name: "make the room" });
      await owner.see({ role: "heading", name: "your room is ready" });
      await owner.see({ part: "snippet", text: "integrity=" });
      [snippet = ""] = await owner.texts({ part: "snippet" });
      [joinLink = ""] = await owner.texts({ part: "link" });
      assert.match(snippet, /integrity="sha384-[^"]+" crossorigin><\/script> <mimi-room provider="[^"]+" room="mimi:/);
      assert.ok(joinLink.startsWith(`${addresses.provider}/r/`), joinLink);
    });

    it("pastes the snippet into a site, where a visitor joins", async () => {
      site = createServer((_, response) => {
        response.setHeader("content-type", "text/html; charset=utf-8");
        response.setHeader("content-security-policy", hostPolicy(addresses.provider));
        response.end(`<!doctype html><title>Town hall</title><link rel="icon" href="data:,">${snippet}`);
      });
      await new Promise<void>((resolve) => site?.listen(0, "127.0.0.1", resolve));
      const { port } = site.address() as AddressInfo;
      const visitor = await arrive(await browser.newProfile(), `http://localhost:${port}/`, "Vera");
      await seePeople(visitor, 2);
      await say(visitor, "good evening");
      await seeSent(visitor, "good evening");
      assert.deepEqual([...visitor.complaints], []);
    });

    it("sits in it as its owner, and meets a visitor who came by the join link", async () => {
      const guest = await arrive(await browser.newProfile(), joinLink, "Gil");
      await owner.goto(joinLink);
      await owner.see(COMPOSER);
      await seePeople(owner, 3);
      assert.deepEqual(await people(owner), ["Gil", "Olga", "Vera"]);
      await say(owner, "welcome");
      await seeSent(guest, "welcome");
      assert.deepEqual(await texts(guest), ["welcome"]);
      await owner.click({ role: "button", name: "show people" });
      await owner.see({ part: "occupant", text: "Owner" });
    });

    it("comes as the organiser of the demo room by the address that npm start prints", async () => {
      const organiser = await arrive(await browser.newProfile(), addresses.organiser, "Otto");
      assert.equal(await organiser.evaluate(() => location.href), addresses.room, "the key is not left in the address");
      await organiser.click({ role: "button", name: "show people" });
      await organiser.see({ part: "occupant", text: "Owner" });
    });
  });
}

/** MiniBrowser under automation does not keep downloads, so WebKit has no kit to restore from. */
for (const engine of engines().filter((name) => name !== "webkit")) {
  describe(`a room's owner keeps a recovery kit, in ${engine}`, () => {
    let demo: DemoProcess;
    let addresses: Addresses;
    let browser: Browser;
    let owners: Profile;
    let owner: Page;
    let kit: string;

    before(async () => {
      [demo, browser] = await Promise.all([newDemoProcess(), launch(engine)]);
      [addresses, owners] = await Promise.all([demo.start(), browser.newProfile()]);
      owner = await owners.open(addresses.provider);
      await owner.fill({ role: "textbox", name: "what is the room called" }, "Questions");
      await owner.fill({ role: "textbox", name: "your own name" }, "Olga");
      await owner.click({ role: "button", name: "make the room" });
      await owner.see({ role: "heading", name: "your room is ready" });
    });

    after(async () => {
      await browser?.close();
      await demo?.dispose();
    });

    it("downloads it under a passphrase", async () => {
      await owner.fill({ css: "#passphrase" }, PASSPHRASE);
      await owner.fill({ css: "#again" }, PASSPHRASE);
      await owner.click({ role: "button", name: "download the recovery kit" });
      await owner.see({ text: "The recovery kit was downloaded" });
      kit = await downloaded(owners.downloads);
      const text = readFileSync(kit, "utf8");
      assert.equal(JSON.parse(text).v, 1);
      assert.ok(!text.includes(PASSPHRASE));
    });

    it("is refused with another passphrase, and restored with the right one in another browser", async () => {
      const elsewhere = await (await browser.newProfile()).open(addresses.provider);
      await elsewhere.click({ text: "Restore an owner’s seat", css: "summary" });
      await elsewhere.upload({ css: "#kit" }, kit);
      await elsewhere.fill({ css: "mimi-restore-seat #passphrase, #passphrase" }, "something else entirely");
      await elsewhere.click({ role: "button", name: "restore", exact: true });
      await elsewhere.see({ text: "The passphrase is wrong" });
      await elsewhere.fill({ css: "#passphrase" }, PASSPHRASE);
      await elsewhere.click({ role: "button", name: "restore", exact: true });
      await elsewhere.fill({ role: "textbox", name: "your name in this room" }, "Olga again");
      await elsewhere.click({ role: "button", name: "join the room" });
      await elsewhere.see(COMPOSER);
      await elsewhere.click({ role: "button", name: "show people" });
      await elsewhere.see({ part: "occupant", text: "Owner" });
    });
  });
}

/** The recovery kit in the directory, once the browser has finished it under its name. */
async function downloaded(directory: string): Promise<string> {
  const deadline = performance.now() + 20_000;
  while (performance.now() < deadline) {
    const name = readdirSync(directory).find((name) => name.endsWith("recovery-kit.json"));
    // An empty file of the name keeps the place of one that is still being written.
    if (name !== undefined && statSync(joinPath(directory, name)).size > 0) return joinPath(directory, name);
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`no recovery kit in ${directory}: ${readdirSync(directory).join(", ")}`);
}
