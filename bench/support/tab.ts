/** A room in a tab of Chromium: what a page tells of it from within, and what it takes. */
import type { Browser, CDPSession, Page as Tab } from "puppeteer-core";
import { Page } from "../../test/support/browser-page.js";
import { PuppeteerPage } from "../../test/support/browser-puppeteer.js";
import { beforeEveryScript } from "../room-probe.js";

declare global {
  interface Window {
    mimiHeard: {
      /** Messages that the element told of, each once. */
      readonly count: number;
    };
  }
}

/** A tab is looked at so often, in milliseconds. */
const LOOK = 60;
/** One that heard nothing for so long hears nothing any more, in milliseconds. */
const SILENCE = 60_000;

/** What a page and its worker hold after everything that can go has gone. */
export interface Held {
  /** MiB of the page's heap, buffers included. */
  readonly page: number;
  /** MiB of the heaps of its workers. */
  readonly worker: number;
  /** DOM nodes, also those that are in no document. */
  readonly nodes: number;
}

/** Opens a tab of the browser's own profile, whose storage is on disk. */
export async function openTab(browser: Browser): Promise<{ tab: Tab; page: Page }> {
  const tab = await browser.newPage();
  await beforeEveryScript(tab, countMessages);
  return { tab, page: new Page(new PuppeteerPage(tab)) };
}

/**
 * Resolves when the element of a tab has told of `count` messages. Meanwhile the browser says now and then that the network
 * is back, as it does after a cut. Throws when no more come.
 */
export async function heard(tab: Tab, count: number): Promise<void> {
  const hear = () =>
    tab.evaluate(() => {
      dispatchEvent(new Event("online"));
      return window.mimiHeard.count;
    });
  let last = { count: -1, at: performance.now() };
  for (let now = await hear(); now < count; now = await hear()) {
    if (now > last.count) last = { count: now, at: performance.now() };
    if (performance.now() - last.at > SILENCE) throw new Error(`${now} of ${count} messages came`);
    await new Promise((resolve) => setTimeout(resolve, LOOK));
  }
}

/** Frees what is free in a tab and measures the rest. */
export async function heldBy(tab: Tab, session: CDPSession): Promise<Held> {
  // A tab that was hidden lets go of what it drew before with the next frame.
  await tab.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  const page = await heapOf(session);
  const workers = await Promise.all(tab.workers().map(({ client }) => heapOf(client)));
  const { nodes } = await session.send("Memory.getDOMCounters");
  return { page, worker: workers.reduce((sum, heap) => sum + heap, 0), nodes };
}

async function heapOf(session: CDPSession): Promise<number> {
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize, embedderHeapUsedSize, backingStorageSize } = await session.send("Runtime.getHeapUsage");
  return (usedSize + embedderHeapUsedSize + backingStorageSize) / 2 ** 20;
}

function countMessages(): void {
  let count = 0;
  addEventListener("mimi-message", () => {
    count += 1;
  });
  window.mimiHeard = {
    get count() {
      return count;
    },
  };
}
