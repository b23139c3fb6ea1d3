/** One small interface over three real browser engines: profiles, pages, what they show and what they complain of. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineDriver, EngineName, ProfileDriver } from "./browser-driver.js";
import { Page } from "./browser-page.js";
import { chromiumPath, firefoxPath, launchChromium, launchFirefox } from "./browser-puppeteer.js";
import { launchWebKit, miniBrowserPath } from "./browser-webkit.js";
import { type CuttableProxy, startCuttableProxy } from "./cuttable-proxy.js";

const LAUNCHERS: Record<EngineName, () => Promise<EngineDriver>> = {
  chromium: launchChromium,
  firefox: launchFirefox,
  webkit: launchWebKit,
};

const FOUND: Record<EngineName, () => string | undefined> = {
  chromium: chromiumPath,
  firefox: firefoxPath,
  webkit: miniBrowserPath,
};

/** The engines to test in: those that `MIMI_ENGINES` names (comma-separated), else every one on this machine. */
export function engines(): EngineName[] {
  const all = Object.keys(LAUNCHERS) as EngineName[];
  const named = process.env.MIMI_ENGINES?.split(",").map((name) => name.trim());
  return named ? all.filter((name) => named.includes(name)) : all.filter((name) => FOUND[name]() !== undefined);
}

/** The engines of {@link engines} that are among `names`. */
export function enginesAmong(...names: EngineName[]): EngineName[] {
  return engines().filter((name) => names.includes(name));
}

export async function launch(engine: EngineName): Promise<Browser> {
  return new Browser(await LAUNCHERS[engine]());
}

/** What a browser asks its own maker, whatever page is open; such a request goes no further than the profile's road. */
const HOUSEKEEPING =
  /^http:\/\/([a-z0-9-]+\.)*(mozilla\.(com|org|net)|firefox\.com|gvt1\.com|googleapis\.com|google\.com)(:443)?$/;

/** A running browser engine. */
export class Browser {
  readonly #profiles = new Set<Profile>();

  constructor(private readonly driver: EngineDriver) {}

  get engine(): EngineName {
    return this.driver.engine;
  }

  /** A profile with storage and a network road of its own. */
  async newProfile(): Promise<Profile> {
    const road = await startCuttableProxy();
    const downloads = mkdtempSync(join(tmpdir(), "mimi-downloads-"));
    const profile = new Profile(await this.driver.newProfile({ proxy: road.url, downloads }), road, downloads);
    this.#profiles.add(profile);
    return profile;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#profiles].map((profile) => profile.close()));
    await this.driver.close();
  }
}

/** One person's browser: pages that share storage, and the road they all use. */
export class Profile {
  #closed = false;

  constructor(
    private readonly driver: ProfileDriver,
    /** Every request of the profile; cut it and the profile is offline. */
    readonly road: CuttableProxy,
    /** The directory that downloads land in. */
    readonly downloads: string,
  ) {}

  /** Opens a page in a tab of its own. */
  async open(url: string): Promise<Page> {
    const page = new Page(await this.driver.newPage());
    await page.goto(url);
    return page;
  }

  /** The origins that the profile's pages sent requests to; a tunnel counts with the http origin of its host. */
  origins(): string[] {
    const origins = this.road.seen.map((request) => request.origin.replace(/^tunnel:/, "http:"));
    return [...new Set(origins)].filter((origin) => !HOUSEKEEPING.test(origin)).sort();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.driver.close();
    await this.road.stop();
    rmSync(this.downloads, { recursive: true, force: true });
  }
}
