/**
 * A page that is open for a simulated week: 100,000 messages of four others, the connection cut a thousand times, the tab
 * hidden and shown. What page, worker and provider hold at a tenth of it, at the half and at the end.
 */
import { launch } from "puppeteer-core";
import { CHROMIUM_FLAGS, chromiumPath } from "../test/support/browser-puppeteer.js";
import { startCuttableProxy } from "../test/support/cuttable-proxy.js";
import { join } from "../test/support/room-page.js";
import { printFigure } from "./figure.js";
import { startSpokenRoom } from "./support/spoken-room.js";
import { type Held, heard, heldBy, openTab } from "./support/tab.js";

const MESSAGES = Number(process.env.MIMI_WEEK_MESSAGES ?? 100_000);
/** Messages between two cuts. */
const PER_CUT = 100;
/** Messages between two measurements, of which there are as many in a shorter week. */
const PER_SAMPLE = Math.max(PER_CUT, Math.ceil(MESSAGES / 20 / PER_CUT) * PER_CUT);
/** The tab is hidden for one stretch between cuts out of so many. */
const HIDDEN = 7;
/** A page keeps so much of the timeline that it is full only by now: before, nothing says whether it stays flat. */
const FULL = 3_000;

interface Sample extends Held {
  readonly messages: number;
  /** MiB that the provider's process has resident. */
  readonly provider: number;
}

const executablePath = chromiumPath();
if (executablePath === undefined) throw new Error("Chromium is not on this machine");
const proxy = await startCuttableProxy();
const room = await startSpokenRoom(4);
const road = [`--proxy-server=${proxy.url}`, "--proxy-bypass-list=<-loopback>"];
const browser = await launch({ executablePath, args: [...CHROMIUM_FLAGS, ...road], protocolTimeout: 300_000 });
try {
  const other = await browser.newPage();
  const { tab, page } = await openTab(browser);
  await page.goto(await room.openSite());
  await join(page, "Reader");
  await room.catchUp();
  const session = await tab.createCDPSession();
  const streams = () => proxy.seen.filter(({ method }) => method === "CONNECT").length;
  const first = streams();

  const samples: Sample[] = [];
  let hidden = 0;
  for (let said = 0; said < MESSAGES; ) {
    const stretch = said / PER_CUT;
    const hides = stretch % HIDDEN === HIDDEN - 1;
    if (hides) await other.bringToFront();
    if (await tab.evaluate(() => document.hidden)) hidden += 1;
    // In the middle of what is said, wherever that is just then.
    const saying = room.say(PER_CUT);
    await new Promise((resolve) => setTimeout(resolve, 10 * (stretch % 16)));
    proxy.cut();
    proxy.restore();
    await saying;
    said += PER_CUT;
    await heard(tab, said);
    if (hides) await tab.bringToFront();
    if (said % PER_SAMPLE !== 0) continue;
    const held = await heldBy(tab, session);
    const { memory } = await room.usage();
    samples.push({ ...held, messages: said, provider: memory });
    const parts = [held.page, held.worker, memory].map((size) => size.toFixed(1)).join(" · ");
    console.log(`${said} messages: page · worker · provider ${parts} MiB, ${held.nodes} nodes`);
  }
  if (hidden === 0) throw new Error("the tab was never hidden");
  const told = await tab.evaluate(() => window.mimiHeard.count);
  if (told !== MESSAGES) throw new Error(`${told} messages were shown, of ${MESSAGES}`);
  report(samples, streams() - first);
} finally {
  await browser.close();
  await room.stop();
  await proxy.stop();
}

function report(samples: readonly Sample[], reconnects: number): void {
  const at = (messages: number): Sample => {
    const sample = samples.find((taken) => taken.messages >= messages) ?? samples.at(-1);
    if (sample === undefined) throw new Error("nothing was measured");
    return sample;
  };
  const [early, half, end] = [
    at(Math.max(MESSAGES / 10, Math.min(FULL, MESSAGES / 2))),
    at(MESSAGES / 2),
    at(MESSAGES),
  ];
  const how = `${MESSAGES} messages, ${reconnects} connections, ${samples.length} measurements`;
  for (const [when, sample] of [["10 %", early] as const, ["50 %", half] as const, ["the end", end] as const]) {
    printFigure({ name: `page's heap at ${when}`, unit: "MiB", value: sample.page, how });
    printFigure({ name: `worker's heap at ${when}`, unit: "MiB", value: sample.worker, how });
  }
  const heap = ({ page, worker }: Held) => page + worker;
  printFigure({ name: "heaps, the end against 10 %", unit: "×", value: heap(end) / heap(early), limit: 1.1, how });
  printFigure({ name: "DOM nodes, the end against 10 %", unit: "×", value: end.nodes / early.nodes, limit: 1.1, how });
  printFigure({ name: "DOM nodes at the end", unit: "nodes", value: end.nodes, how });
  printFigure({ name: "provider's memory at 10 %", unit: "MiB", value: early.provider, how });
  printFigure({ name: "provider's memory at the end", unit: "MiB", value: end.provider, how });
  printFigure({ name: "reconnects", unit: "times", value: reconnects, how });
}
