/**
 * A phone on a slow road: 390×844, 1.6 Mbit/s and 150 ms of round trip to provider and site alike, processor ÷ 4. How
 * long until the preview of a room of ten is painted, and from the tap on "Join" until one can write.
 */
import { launch, type Page as Tab } from "puppeteer-core";
import { startHostServer } from "../demo/host-server.js";
import { ApiMember } from "../test/support/api-member.js";
import { Page } from "../test/support/browser-page.js";
import { CHROMIUM_FLAGS, chromiumPath, PuppeteerPage } from "../test/support/browser-puppeteer.js";
import { startTestProvider } from "../test/support/provider-process.js";
import { leave } from "../test/support/room-page.js";
import { median, printFigure } from "./figure.js";
import { beforeEveryScript } from "./room-probe.js";
import { startSlowRoad } from "./slow-road.js";

const RUNS = 5;
const INSIDE = 9;
const ROAD = { roundTrip: 150, bandwidth: 1_600_000 };
const SLOWDOWN = 4;
const PHONE = { width: 390, height: 844, deviceScaleFactor: 3, isMobile: true, hasTouch: true };

let providerPort = 0;
let sitePort = 0;
const providerRoad = await startSlowRoad(() => providerPort, ROAD);
const siteRoad = await startSlowRoad(() => sitePort, ROAD);
const publicUrl = `http://localhost:${providerRoad.port}`;
const provider = await startTestProvider({ publicUrl });
providerPort = Number(new URL(provider.localUrl).port);
const executablePath = chromiumPath();
if (executablePath === undefined) throw new Error("Chromium is not on this machine");
const browser = await launch({ executablePath, args: CHROMIUM_FLAGS });
try {
  const [owner, ...others] = await Promise.all(
    Array.from({ length: INSIDE }, (_, index) => ApiMember.register(provider.localUrl, `Occupant ${index + 1}`)),
  );
  if (owner === undefined) throw new Error("a room of nobody");
  await owner.createRoom("rivers");
  for (const other of others) await other.join(owner.room);
  const { room } = owner;
  const host = await startHostServer({ port: 0, provider: publicUrl, localProvider: provider.localUrl, room });
  sitePort = Number(new URL(host.url).port);

  const previews: number[] = [];
  const composers: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const context = await browser.createBrowserContext();
    const { preview, composer } = await visit(await context.newPage(), `http://localhost:${siteRoad.port}/`);
    previews.push(preview);
    composers.push(composer);
    await context.close();
  }
  await host.stop();

  const how = `median of ${RUNS}; ${PHONE.width}×${PHONE.height}, 1.6 Mbit/s, 150 ms, page's processor ÷ ${SLOWDOWN}`;
  printFigure({ name: "preview painted", unit: "ms", value: median(previews), limit: 2000, how });
  printFigure({ name: "tap on Join → composer ready", unit: "ms", value: median(composers), limit: 1500, how });
} finally {
  await browser.close();
  await provider.stop();
  await Promise.all([providerRoad.stop(), siteRoad.stop()]);
}

/** One visit in a new profile, by the page's own clock. The visitor leaves, so that the next one meets as many people. */
async function visit(tab: Tab, url: string): Promise<{ preview: number; composer: number }> {
  await tab.setViewport(PHONE);
  // Chromium slows pages, not workers: what the engine does off the page runs at full speed.
  await (await tab.createCDPSession()).send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
  await beforeEveryScript(tab, markMilestones);
  const page = new Page(new PuppeteerPage(tab));
  await page.goto(url);
  await page.fill({ css: "#nickname" }, "Visitor");
  await page.click({ css: "button.join" });
  await page.waitFor("the composer", () => performance.getEntriesByName("composer").length > 0);
  const times = await page.evaluate(() => {
    const at = (name: string): number => performance.getEntriesByName(name)[0]?.startTime ?? Number.NaN;
    return { preview: at("preview"), composer: at("composer") - at("tap") };
  });
  await leave(page);
  return times;
}

/** Marks, frame by frame, when the preview and the composer are there, and when the button was tapped. */
function markMilestones(): void {
  const mark = (name: string): void => {
    if (performance.getEntriesByName(name).length === 0) performance.mark(name);
  };
  const part = (name: string): ShadowRoot | null | undefined =>
    document.querySelector("mimi-room")?.shadowRoot?.querySelector(name)?.shadowRoot;
  addEventListener("pointerdown", (event) => {
    const [target] = event.composedPath();
    if (target instanceof Element && target.closest(".join")) mark("tap");
  });
  const look = (): void => {
    // What a frame's callback finds is painted with that frame: it is marked from the next one.
    const preview = part("mimi-room-preview")?.querySelector(".join") != null;
    const composer = part("mimi-room-composer")?.querySelector("textarea:not([readonly])") != null;
    requestAnimationFrame(() => {
      if (preview) mark("preview");
      if (composer) mark("composer");
      look();
    });
  };
  requestAnimationFrame(look);
}
