/** Tabs of one browser profile that a test can send away, freeze and kill as no page can do to itself. Linux only. */
import { readdirSync, readFileSync } from "node:fs";
import { type CDPSession, launch, type Browser as PuppeteerBrowser, type Page as PuppeteerTab } from "puppeteer-core";
import type { EngineName } from "./browser-driver.js";
import { Page } from "./browser-page.js";
import { CHROMIUM_FLAGS, chromiumPath, FIREFOX_PREFERENCES, firefoxPath, PuppeteerPage } from "./browser-puppeteer.js";

/** A busy machine takes its time to start a browser. */
const LAUNCH_MS = 60_000;

/** How long a page may take to come, in milliseconds. */
const PATIENCE = 30_000;

/** Several processes for one site: two tabs of it can be stopped one by one. */
const SEPARATE_PROCESSES = { "dom.ipc.processCount.webIsolated": 4, "dom.ipc.processCount": 8 };

export class Tab {
  constructor(
    /** What a person does and sees in it. */
    readonly page: Page,
    private readonly tab: PuppeteerTab,
    private readonly browserPid: number,
  ) {}

  /** Navigates as a click on a link does, so that the browser may keep the page it leaves. */
  async leaveFor(url: string): Promise<void> {
    await this.page.evaluate((_, url) => void setTimeout(() => location.assign(url), 0), url);
    await this.#arrive(url);
  }

  /** Goes back; resolves with whether the very same page came out of the back/forward cache. */
  async comeBackTo(url: string): Promise<boolean> {
    await this.page.evaluate(() => void setTimeout(() => history.back(), 0));
    await this.#arrive(url);
    return this.page.evaluate(() => "markedByTest" in globalThis);
  }

  /** Firefox never answers what was asked of a document that goes just then: it is asked again. */
  async #arrive(url: string): Promise<void> {
    const deadline = performance.now() + PATIENCE;
    while (performance.now() < deadline) {
      const asked = this.page.evaluate(() => [location.href, document.readyState]).catch(() => []);
      const [href, state] = await Promise.race([asked, new Promise<string[]>((give) => setTimeout(give, 1_000, []))]);
      if (href === url && state === "complete") return;
    }
    throw new Error(`the page ${url} did not come`);
  }

  /** Marks the document that is shown: {@link comeBackTo} tells whether it is the one that comes back. */
  mark(): Promise<void> {
    return this.page.evaluate(() => void Object.assign(globalThis, { markedByTest: true }));
  }

  /** The DevTools protocol, in Chromium. */
  devtools(): Promise<CDPSession> {
    return this.tab.createCDPSession();
  }

  /** The process that runs this page and its worker: the one of the browser's that works when the page does. */
  async pid(): Promise<number> {
    const before = cpuTimes(this.browserPid);
    await this.page.evaluate(() => {
      for (let n = 0, x = 1; n < 4e8; n += 1) x = (x * 31 + n) | 0;
    });
    const spent = [...cpuTimes(this.browserPid)].map(([pid, time]) => ({ pid, time: time - (before.get(pid) ?? 0) }));
    const [most] = spent.filter(({ pid }) => pid !== this.browserPid).sort((a, b) => b.time - a.time);
    if (most === undefined) throw new Error("the browser has no other process");
    return most.pid;
  }
}

export class TabLab {
  constructor(
    readonly engine: EngineName,
    private readonly browser: PuppeteerBrowser,
  ) {}

  async open(url: string): Promise<Tab> {
    const tab = await this.browser.newPage();
    const page = new Page(new PuppeteerPage(tab));
    await page.goto(url);
    return new Tab(page, tab, this.browser.process()?.pid ?? 0);
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}

/** Starts a browser with a back/forward cache, as people have it; with `inPrivate` all its windows are private ones. */
export async function startTabLab(engine: EngineName, { inPrivate = false } = {}): Promise<TabLab> {
  const program = engine === "chromium" ? chromiumPath() : firefoxPath();
  if (program === undefined) throw new Error(`${engine} is not on this machine`);
  const shared = { executablePath: program, headless: true, timeout: LAUNCH_MS } as const;
  const browser =
    engine === "chromium"
      ? await launch({
          ...shared,
          args: inPrivate ? [...CHROMIUM_FLAGS, "--incognito"] : CHROMIUM_FLAGS,
          ignoreDefaultArgs: ["--disable-back-forward-cache"],
        })
      : await launch({
          ...shared,
          browser: "firefox",
          extraPrefsFirefox: {
            ...FIREFOX_PREFERENCES,
            ...SEPARATE_PROCESSES,
            "browser.privatebrowsing.autostart": inPrivate,
          },
        });
  return new TabLab(engine, browser);
}

/** Processor time of a process and of all that came of it, in clock ticks, by process ID. */
function cpuTimes(root: number): Map<number, number> {
  const parents = new Map<number, number>();
  const times = new Map<number, number>();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const stat = statOf(pid);
    if (stat === undefined) continue;
    parents.set(Number(pid), stat.parent);
    times.set(Number(pid), stat.time);
  }
  const isBelow = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 1 && (pid === root || isBelow(parents.get(pid)));
  return new Map([...times].filter(([pid]) => isBelow(pid)));
}

/** proc(5): after the name in parentheses come the state, the parent, and as 12th and 13th the user and system time. */
function statOf(pid: string): { readonly parent: number; readonly time: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { parent: Number(fields[1]), time: Number(fields[11]) + Number(fields[12]) };
  } catch {
    return undefined;
  }
}
