/** From Enter in one browser profile until the message is painted in another one, on this machine, both typing in turn. */
import { launch } from "puppeteer-core";
import { Page } from "../test/support/browser-page.js";
import { CHROMIUM_FLAGS, chromiumPath, PuppeteerPage } from "../test/support/browser-puppeteer.js";
import { COMPOSER, join } from "../test/support/room-page.js";
import { startStage } from "../test/support/stage.js";
import { percentile, printFigure } from "./figure.js";
import { watchMessages } from "./room-probe.js";

const MESSAGES = 200;
/** Messages before the measured ones: code and connections get warm. */
const WARM_UP = 10;
/** Milliseconds between two messages: within the rate that a provider allows. */
const PACE = 100;

const stage = await startStage();
const executablePath = chromiumPath();
if (executablePath === undefined) throw new Error("Chromium is not on this machine");
const browser = await launch({ executablePath, args: CHROMIUM_FLAGS });
try {
  const pages: Page[] = [];
  for (const nickname of ["Ada", "Bob"]) {
    const tab = await (await browser.createBrowserContext()).newPage();
    await watchMessages(tab);
    const page = new Page(new PuppeteerPage(tab));
    await page.goto(stage.site);
    await join(page, nickname);
    await page.fill(COMPOSER, "");
    pages.push(page);
  }

  for (let number = 0; number < WARM_UP + MESSAGES; number += 1) {
    const begin = performance.now();
    const page = pages[number % 2];
    await page?.type(`m${number}`);
    await page?.press("Enter");
    const pause = PACE - (performance.now() - begin);
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
  }

  const times = await Promise.all(
    pages.map(async (page) => {
      const last = `m${WARM_UP + MESSAGES - 1}`;
      await page.waitFor("the last message", (_, last) => window.mimiProbe.shown[last], last);
      return page.evaluate(() => window.mimiProbe);
    }),
  );
  const delays: number[] = [];
  for (let number = WARM_UP; number < WARM_UP + MESSAGES; number += 1) {
    const [sender, receiver] = [times[number % 2], times[(number + 1) % 2]];
    delays.push((receiver?.shown[`m${number}`] ?? Number.NaN) - (sender?.sent[`m${number}`] ?? Number.NaN));
  }
  const how = `${MESSAGES} messages, from the key press until painted`;
  printFigure({ name: "send → shown, p50", unit: "ms", value: percentile(delays, 0.5), limit: 50, how });
  printFigure({ name: "send → shown, p99", unit: "ms", value: percentile(delays, 0.99), limit: 250, how });
} finally {
  await browser.close();
  await stage.stop();
}
