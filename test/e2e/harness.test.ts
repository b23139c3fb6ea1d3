import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import type { Page } from "../support/browser-page.js";
import { type Browser, engines, launch, type Profile } from "../support/browsers.js";

const PAGE = `<!doctype html><link rel="icon" href="data:,"><title>A page</title><button>Press</button><p id="out"></p>`;

/** That nothing is wrong means something only if these tests would have seen it. */
for (const engine of engines()) {
  describe(`what is planted in a page is seen, in ${engine}`, () => {
    let server: Server;
    let origin: string;
    let browser: Browser;
    let profile: Profile;
    let page: Page;

    before(async () => {
      server = createServer((_, response) => {
        response.setHeader("content-type", "text/html");
        response.setHeader("content-security-policy", "img-src data:; connect-src *");
        response.end(PAGE);
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      origin = `http://localhost:${(server.address() as AddressInfo).port}`;
      browser = await launch(engine);
      profile = await browser.newProfile();
      page = await profile.open(origin);
    });

    after(async () => {
      await browser?.close();
      server?.closeAllConnections();
      server?.close();
    });

    it("nothing, where nothing is planted", async () => {
      await page.see({ role: "button", name: "press" });
      assert.deepEqual([...page.complaints], []);
      assert.deepEqual(profile.origins(), [origin]);
    });

    it("an error in the console and an uncaught one", async () => {
      await page.evaluate(() => {
        console.error("planted in the console");
        queueMicrotask(() => {
          throw new Error("planted and not caught");
        });
      });
      await heard(page, /planted in the console/, /planted and not caught/);
    });

    it("what the page's policy forbids", async () => {
      await page.evaluate(() => {
        document.createElement("img").src = "/forbidden.png";
        document.body.append(Object.assign(new Image(), { src: "/forbidden.png" }));
      });
      await heard(page, /img-src/);
    });

    it("a request to a third origin", async () => {
      await page.evaluate(() => fetch("http://third.example/", { mode: "no-cors" }).catch(() => undefined));
      assert.deepEqual(profile.origins(), [origin, "http://third.example"].sort());
    });

    it("another profile shares nothing, another page of the same profile does", async () => {
      await page.evaluate(() => localStorage.setItem("planted", "here"));
      const [same, other] = [await profile.open(origin), await (await browser.newProfile()).open(origin)];
      assert.equal(await same.evaluate(() => localStorage.getItem("planted")), "here");
      assert.equal(await other.evaluate(() => localStorage.getItem("planted")), null);
    });
  });
}

/** Waits until the page has complained of each. Complaints come with the answers of later commands. */
async function heard(page: Page, ...patterns: RegExp[]): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (performance.now() < deadline) {
    await page.evaluate((dom) => dom.frame());
    if (patterns.every((pattern) => page.complaints.some((complaint) => pattern.test(complaint)))) return;
  }
  assert.fail(`not heard: ${patterns.join(", ")} in ${page.complaints.join("\n")}`);
}
