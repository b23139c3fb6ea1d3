import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CDPSession, launch } from "puppeteer-core";
import { Page } from "../browser-page.js";
import { CHROMIUM_FLAGS, chromiumPath, PuppeteerPage } from "../browser-puppeteer.js";

/** A Chromium of its own, whose memory and files a test looks through. */
export interface WatchedBrowser {
  readonly page: Page;
  /** Process ID of the browser, above all others of it. */
  readonly pid: number;
  /** The directory of its profile. */
  readonly profile: string;
  /** The debugger's session of the page's one worker. */
  worker(): CDPSession;
  close(): Promise<void>;
}

export async function launchWatched(): Promise<WatchedBrowser> {
  const executablePath = chromiumPath();
  if (executablePath === undefined) throw new Error("Chromium is not installed");
  const profile = mkdtempSync(join(tmpdir(), "mimi-watched-"));
  const browser = await launch({ executablePath, headless: true, args: CHROMIUM_FLAGS, userDataDir: profile });
  const pid = browser.process()?.pid;
  const [tab] = await browser.pages();
  if (pid === undefined || tab === undefined) throw new Error("a browser without a process or a page");
  return {
    page: new Page(new PuppeteerPage(tab)),
    pid,
    profile,
    worker() {
      const [worker, ...others] = tab.workers();
      if (worker === undefined || others.length > 0) throw new Error(`${others.length} workers where one is expected`);
      return worker.client;
    },
    async close() {
      await browser.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
