import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { roomUri } from "../../src/codec/mimi-uri.js";
import { encodeContent } from "../../src/content/encode-content.js";
import { textContent } from "../../src/content/text-content.js";
import { randomBytes } from "../../src/mls/random.js";
import { ApiMember } from "../support/api-member.js";
import { enginesAmong } from "../support/browsers.js";
import { type DemoProcess, newDemoProcess } from "../support/demo-process.js";
import { EpochNotes } from "../support/memory/epoch-notes.js";
import { octetsInDatabases } from "../support/memory/octets-in-databases.js";
import { countInProcess, mayReadMemory, patternsInFiles, processesBelow } from "../support/memory/process-memory.js";
import { launchWatched, type WatchedBrowser } from "../support/memory/watched-browser.js";
import { reachableOctets, reachableTexts } from "../support/memory/worker-heap.js";
import { join, say, seeSent } from "../support/room-page.js";

const ROUNDS = 4;

for (const engine of enginesAmong("chromium")) {
  describe(`the secrets of former epochs, in ${engine}`, () => {
    let demo: DemoProcess;
    let browser: WatchedBrowser;
    let bob: ApiMember;
    const notes = new EpochNotes();

    const names = (found: readonly string[], among: readonly string[]) =>
      among.filter((hex) => found.includes(hex)).map((hex) => notes.nameOf(hex));
    const readAndNote = async () => {
      await bob.catchUp();
      notes.note(bob.joined());
    };
    const sayAsBob = async (text: string) => {
      const { room, guest } = bob;
      const sender = guest.userUri;
      const content = textContent({ text, format: "plain", salt: randomBytes(16), sender, room });
      assert.equal((await bob.submit(await bob.contentBody(encodeContent(content)))).status, 200);
      await seeSent(browser.page, text);
      await readAndNote();
    };

    before(async () => {
      [demo, browser] = await Promise.all([newDemoProcess(), launchWatched()]);
      const { room, provider } = await demo.start();
      const { page } = browser;
      await page.goto(room);
      await join(page, "Ada");
      bob = await ApiMember.register(provider, "Bob");
      const id = decodeURIComponent(new URL(room).pathname.split("/").at(-1) ?? "");
      await bob.join(roomUri(bob.guest.directory.domain, id));
      await readAndNote();
      for (let round = 0; round < ROUNDS; round++) {
        await sayAsBob(`Bob in round ${round}`);
        await say(page, `Ada in round ${round}`);
        await seeSent(page, `Ada in round ${round}`);
        await readAndNote();
        assert.equal((await bob.commit()).status, 200);
        await readAndNote();
      }
      await sayAsBob("Now");
    });

    after(async () => {
      await browser?.close();
      await demo?.dispose();
    });

    // the memory of processes is looked through first: what is sought stands in none of them yet
    it("are left where no script comes as far as the browser leaves them", async (t) => {
      const { former, present } = notes;
      assert.ok(former.length > 10 * ROUNDS && present.length > 8);
      const patterns = new Map([...former, ...present].map((hex) => [Buffer.from(hex, "hex"), hex]));
      const renderers = processesBelow(browser.pid, "renderer");
      if (renderers.length === 0 || !renderers.every(mayReadMemory))
        return t.skip("the memory of other processes may not be read here");
      await browser.worker().send("HeapProfiler.collectGarbage");
      const sample = [...patterns.keys()].slice(-1);
      const own = renderers.filter((pid) => [...countInProcess(pid, sample).values()].some((count) => count > 0));
      for (const [what, pids] of [
        ["the worker's process", own],
        ["the browser's process", [browser.pid]],
      ] as const) {
        const counts = pids.flatMap((pid) => [...countInProcess(pid, [...patterns.keys()])]);
        const found = counts.filter(([, count]) => count > 0).map(([pattern]) => patterns.get(pattern) ?? "");
        assert.notDeepEqual(names(found, present), [], "what is there now is found by the same search");
        t.diagnostic(`${what}: ${names(found, former).length} of ${former.length} former secrets`);
      }
      const onDisk = patternsInFiles(browser.profile, [...patterns.keys()]).map((found) => patterns.get(found) ?? "");
      t.diagnostic(`the profile's files: ${names(onDisk, former).length} of ${former.length} former secrets`);
    });

    it("are nowhere in the worker that a script could reach", async (t) => {
      const { former, present } = notes;
      const { found, looked } = await reachableOctets(browser.worker(), [...former, ...present]);
      t.diagnostic(`${looked} buffers were looked through`);
      assert.deepEqual(names(found, former), []);
      assert.ok(names(found, present).length > 8, "what is there now is found by the same search");
      assert.deepEqual(await reachableTexts(browser.worker(), former), []);
    });

    it("are in no record of IndexedDB", async () => {
      const { former, present } = notes;
      const found = await octetsInDatabases(browser.page, [...former, ...present]);
      assert.deepEqual(names(found, former), []);
      assert.ok(names(found, present).length > 8, "what is there now is found by the same search");
    });
  });
}
