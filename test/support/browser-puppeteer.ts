/** Chromium over the DevTools protocol and Firefox over WebDriver BiDi, both by puppeteer-core. */
import {
  type Browser,
  type BrowserContext,
  type ElementHandle,
  type KeyInput,
  launch,
  type Page,
} from "puppeteer-core";
import type { EngineDriver, Key, PageDriver, ProfileDriver, ProfileOptions } from "./browser-driver.js";
import { findProgram } from "./programs.js";

/** The engine's program on this machine: MIMI_CHROMIUM and MIMI_FIREFOX, else the first of its names on PATH. */
export const chromiumPath = (): string | undefined =>
  findProgram(process.env.MIMI_CHROMIUM, "chromium", "chromium-browser", "google-chrome-stable", "google-chrome");
export const firefoxPath = (): string | undefined => findProgram(process.env.MIMI_FIREFOX, "firefox-esr", "firefox");

export const CHROMIUM_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-features=AutofillServerCommunication,MediaRouter,OptimizationHints,Translate",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
  "--no-first-run",
];

/** A busy machine takes its time to start a browser. */
const LAUNCH_MS = 60_000;

/** Firefox talks to its maker at the start; a test that counts requests wants silence. */
export const FIREFOX_PREFERENCES = {
  "app.normandy.enabled": false,
  "app.update.enabled": false,
  "browser.contentblocking.database.enabled": false,
  "browser.newtabpage.enabled": false,
  "browser.safebrowsing.blockedURIs.enabled": false,
  "browser.safebrowsing.downloads.enabled": false,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.topsites.contile.enabled": false,
  "datareporting.healthreport.uploadEnabled": false,
  "dom.push.connection.enabled": false,
  "extensions.getAddons.cache.enabled": false,
  "extensions.systemAddon.update.enabled": false,
  "extensions.update.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "network.proxy.allow_hijacking_localhost": true,
  "network.proxy.no_proxies_on": "",
  "services.settings.server": "data:,#remote-settings-off",
  "toolkit.telemetry.enabled": false,
  "toolkit.telemetry.unified": false,
  "browser.download.folderList": 2,
  "browser.download.useDownloadDir": true,
  "browser.download.always_ask_before_handling_new_types": false,
};

export async function launchChromium(): Promise<EngineDriver> {
  const executablePath = required(chromiumPath(), "Chromium");
  const browser = await launch({ executablePath, headless: true, args: CHROMIUM_FLAGS, timeout: LAUNCH_MS });
  return {
    engine: "chromium",
    version: await browser.version(),
    async newProfile({ proxy, downloads }) {
      const context = await browser.createBrowserContext({
        proxyServer: proxy,
        proxyBypassList: ["<-loopback>"],
        downloadBehavior: { policy: "allow", downloadPath: downloads },
      });
      return new ContextProfile(context);
    },
    close: () => browser.close(),
  };
}

/** A Firefox process a profile: proxy and download directory are preferences of the process. */
export async function launchFirefox(): Promise<EngineDriver> {
  const executablePath = required(firefoxPath(), "Firefox");
  const open = new Set<Browser>();
  const start = async ({ proxy, downloads }: ProfileOptions): Promise<Browser> => {
    const { hostname, port } = new URL(proxy);
    const browser = await launch({
      browser: "firefox",
      executablePath,
      headless: true,
      timeout: LAUNCH_MS,
      extraPrefsFirefox: {
        ...FIREFOX_PREFERENCES,
        "browser.download.dir": downloads,
        "network.proxy.type": 1,
        "network.proxy.http": hostname,
        "network.proxy.http_port": Number(port),
        "network.proxy.ssl": hostname,
        "network.proxy.ssl_port": Number(port),
      },
    });
    open.add(browser);
    return browser;
  };
  return {
    engine: "firefox",
    version: "",
    async newProfile(options) {
      const browser = await start(options);
      return new ContextProfile(browser.defaultBrowserContext(), async () => {
        open.delete(browser);
        await browser.close();
      });
    },
    async close() {
      await Promise.all([...open].map((browser) => browser.close()));
    },
  };
}

class ContextProfile implements ProfileDriver {
  constructor(
    private readonly context: BrowserContext,
    private readonly end: () => Promise<void> = () => context.close(),
  ) {}

  async newPage(): Promise<PageDriver> {
    return new PuppeteerPage(await this.context.newPage());
  }

  close(): Promise<void> {
    return this.end();
  }
}

const KEYS: Partial<Record<Key, KeyInput>> = { Space: " " };

/** A page of puppeteer's, driven through evaluation only: its own waits compile code, which a site's policy forbids. */
export class PuppeteerPage implements PageDriver {
  readonly #complaints: string[] = [];

  constructor(private readonly page: Page) {
    page.on("console", (message) => {
      if (["error", "warn", "assert"].includes(message.type())) {
        this.#complaints.push(`${message.type()}: ${message.text()} (${message.location().url ?? "?"})`);
      }
    });
    page.on("pageerror", (fault) => {
      this.#complaints.push(`uncaught: ${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}`);
    });
  }

  get complaints(): readonly string[] {
    return this.#complaints;
  }

  async goto(url: string): Promise<void> {
    await this.page.goto(url, { waitUntil: "load" });
  }

  async reload(): Promise<void> {
    await this.page.reload({ waitUntil: "load" });
  }

  bringToFront(): Promise<void> {
    return this.page.bringToFront();
  }

  run(source: string, args: readonly unknown[]): Promise<unknown> {
    return this.page.evaluate(`(async (args) => { ${source} })(${JSON.stringify(args)})`);
  }

  click(x: number, y: number): Promise<void> {
    return this.page.mouse.click(x, y);
  }

  type(text: string): Promise<void> {
    return this.page.keyboard.type(text);
  }

  async press(key: Key, shift: boolean): Promise<void> {
    if (shift) await this.page.keyboard.down("Shift");
    await this.page.keyboard.press(KEYS[key] ?? (key as KeyInput));
    if (shift) await this.page.keyboard.up("Shift");
  }

  resize(width: number, height: number): Promise<void> {
    return this.page.setViewport({ width, height });
  }

  async upload(source: string, args: readonly unknown[], path: string): Promise<void> {
    const handle = await this.page.evaluateHandle(`(async (args) => { ${source} })(${JSON.stringify(args)})`);
    const input = handle.asElement() as ElementHandle<HTMLInputElement> | null;
    if (input === null) throw new Error("upload: no file input there");
    await input.uploadFile(path);
  }

  screenshot(): Promise<Uint8Array> {
    return this.page.screenshot();
  }

  close(): Promise<void> {
    return this.page.close();
  }
}

function required(path: string | undefined, name: string): string {
  if (path === undefined) throw new Error(`${name} is not on this machine`);
  return path;
}
