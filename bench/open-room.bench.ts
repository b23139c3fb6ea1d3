/**
 * How long a reload of a room takes until its timeline is drawn and one can write: in a browser that has kept 10,000
 * messages of the room, and in one that has kept 100, in turn. It must not matter.
 */
import { type Browser, launch, type Page as Tab } from "puppeteer-core";
import type { Page } from "../test/support/browser-page.js";
import { CHROMIUM_FLAGS, chromiumPath } from "../test/support/browser-puppeteer.js";
import { join } from "../test/support/room-page.js";
import { median, printFigure } from "./figure.js";
import { beforeEveryScript } from "./room-probe.js";
import { type SpokenRoom, startSpokenRoom } from "./support/spoken-room.js";
import { heard, openTab } from "./support/tab.js";

const MANY = Number(process.env.MIMI_OPEN_MESSAGES ?? 10_000);
const FEW = 100;
const RUNS = 15;
/** Reloads before the measured ones. */
const WARM_UP = 2;
/** As many messages are drawn when a room opens. */
const DRAWN = 50;

const executablePath = chromiumPath();
if (executablePath === undefined) throw new Error("Chromium is not on this machine");
const room = await startSpokenRoom(4);
const browser = await launch({ executablePath, args: CHROMIUM_FLAGS, protocolTimeout: 300_000 });
try {
  const many = await joined(browser, room, "Many");
  await room.say(MANY - FEW);
  await heard(many.tab, MANY - FEW);
  const few = await joined(browser, room, "Few");
  await many.tab.bringToFront();
  await room.say(FEW);
  await heard(many.tab, MANY);
  await heard(few.tab, FEW);

  const times = new Map([many, few].map((reader) => [reader, [] as number[]]));
  for (let run = 0; run < WARM_UP + RUNS; run += 1) {
    for (const [reader, taken] of times) {
      await reader.tab.bringToFront();
      const time = await reload(reader);
      if (run >= WARM_UP) taken.push(time);
    }
  }
  const [long, short] = [median(times.get(many) ?? []), median(times.get(few) ?? [])];
  const how = `median of ${RUNS} reloads until ${DRAWN} messages are drawn and the composer takes text`;
  printFigure({ name: `open a room, ${MANY} messages kept`, unit: "ms", value: long, how });
  printFigure({ name: `open a room, ${FEW} messages kept`, unit: "ms", value: short, how });
  printFigure({ name: `open a room, ${MANY} against ${FEW} kept`, unit: "×", value: long / short, limit: 1.25, how });
} finally {
  await browser.close();
  await room.stop();
}

interface Reader {
  readonly tab: Tab;
  readonly page: Page;
}

/** A reader at a site of its own, with storage of its own, whom the speakers know of. */
async function joined(browser: Browser, room: SpokenRoom, nickname: string): Promise<Reader> {
  const { tab, page } = await openTab(browser);
  await beforeEveryScript(tab, markOpen);
  await tab.bringToFront();
  await page.goto(await room.openSite());
  await join(page, nickname);
  await room.catchUp();
  return { tab, page };
}

/** Milliseconds from the reload until the frame that shows messages and composer. */
async function reload({ page }: Reader): Promise<number> {
  await page.reload();
  await page.waitFor("the open room", () => performance.getEntriesByName("open").length > 0);
  return page.evaluate(() => performance.getEntriesByName("open")[0]?.startTime ?? Number.NaN);
}

/** Marks when messages and composer were painted, by the page's own clock. */
function markOpen(): void {
  const part = (name: string): ShadowRoot | null | undefined =>
    document.querySelector("mimi-room")?.shadowRoot?.querySelector(name)?.shadowRoot;
  const look = (): void => {
    const messages = part("mimi-room-timeline")?.querySelectorAll("mimi-room-message").length ?? 0;
    const composer = part("mimi-room-composer")?.querySelector("textarea:not([readonly])") != null;
    if (messages < 50 || !composer) requestAnimationFrame(look);
    // What a frame's callback finds is painted with that frame: it is marked from the next one.
    else requestAnimationFrame(() => performance.mark("open"));
  };
  requestAnimationFrame(look);
}
