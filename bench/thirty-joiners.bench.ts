/**
 * Thirty people who join one room at the same moment: thirty sites of thirty origins, each with its own engine and
 * storage, framed in one page. How long until the last is in, and how many commits were in vain.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Frame, launch } from "puppeteer-core";
import { type RunningHost, startHostServer } from "../demo/host-server.js";
import type { RunningProvider } from "../provider/node.js";
import { ApiMember } from "../test/support/api-member.js";
import { CHROMIUM_FLAGS, chromiumPath } from "../test/support/browser-puppeteer.js";
import { startTestProvider } from "../test/support/provider-process.js";
import { median, printFigure } from "./figure.js";

const JOINERS = 30;
const RUNS = 3;

const executablePath = chromiumPath();
if (executablePath === undefined) throw new Error("Chromium is not on this machine");
const browser = await launch({ executablePath, args: CHROMIUM_FLAGS, protocolTimeout: 120_000 });
const times: number[] = [];
const refusals: number[] = [];
try {
  for (let run = 0; run < RUNS; run += 1) {
    const { milliseconds, refused } = await joinAtOnce();
    times.push(milliseconds);
    refusals.push(refused);
  }
} finally {
  await browser.close();
}
const how = `median of ${RUNS}; engines of ${JOINERS} origins in one Chromium, one other occupant`;
printFigure({ name: "thirty joiners: until the last is in", unit: "ms", value: median(times), how });
printFigure({ name: "thirty joiners: refused commits", unit: "commits", value: median(refusals), how });

async function joinAtOnce(): Promise<{ milliseconds: number; refused: number }> {
  const provider = await startTestProvider();
  const owner = await ApiMember.register(provider.localUrl, "Owner");
  await owner.createRoom("rivers");
  const options = { port: 0, provider: provider.url, localProvider: provider.localUrl, room: owner.room };
  const sites = await Promise.all(Array.from({ length: JOINERS }, () => startHostServer(options)));
  const top = await startTop(sites);
  const context = await browser.createBrowserContext();
  try {
    const page = await context.newPage();
    await page.goto(top.url);
    const frames = page.frames().filter((frame) => frame.parentFrame() !== null);
    await Promise.all(frames.map(previewed));

    const began = performance.now();
    await Promise.all(frames.map((frame, index) => joined(frame, `Joiner ${index + 1}`)));
    return { milliseconds: performance.now() - began, refused: await wrongEpochs(provider) };
  } finally {
    await context.close();
    await Promise.all([top, ...sites, provider].map((server) => server.stop()));
  }
}

/** A page that frames every site, small enough to be all in view: frames out of view are slowed down. */
async function startTop(sites: readonly RunningHost[]): Promise<{ url: string; stop(): Promise<void> }> {
  const frames = sites.map(({ url }) => `<iframe width="110" height="90" src="${url}/"></iframe>`).join("");
  const server = createServer((_, response) => response.end(`<!doctype html><title>Thirty sites</title>${frames}`));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Resolves when the room of a frame can be joined. */
async function previewed(frame: Frame): Promise<void> {
  await frame.evaluate(async () => {
    const room = document.querySelector("mimi-room");
    while (!room?.shadowRoot?.querySelector("mimi-room-preview")?.shadowRoot?.querySelector("#nickname")) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  });
}

/** Joins in a frame; resolves when one can write. */
async function joined(frame: Frame, nickname: string): Promise<void> {
  await frame.evaluate(async (nickname) => {
    const room = document.querySelector("mimi-room")?.shadowRoot;
    const form = room?.querySelector("mimi-room-preview")?.shadowRoot;
    const field = form?.querySelector<HTMLInputElement>("#nickname");
    if (!room || !form || !field) throw new Error("no preview");
    field.value = nickname;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    form.querySelector("form")?.requestSubmit();
    while (!room.querySelector("mimi-room-composer")) await new Promise((resolve) => setTimeout(resolve, 10));
  }, nickname);
}

/** How many commits the provider refused because another one came first, as it counts them. */
async function wrongEpochs(provider: RunningProvider): Promise<number> {
  const metrics = await (await fetch(`${provider.localUrl}/metrics`)).text();
  return Number(/mimi_refusals_total\{code="wrongEpoch"\} (\d+)/.exec(metrics)?.[1] ?? 0);
}
