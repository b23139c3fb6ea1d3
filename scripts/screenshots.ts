import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { type Browser, launch } from "puppeteer-core";
import { build } from "vite";
import { startTestProvider } from "../test/support/provider-process.js";
import { findEngine } from "./engines.mjs";
import { smallPng } from "./small-png.js";
import { ORGANISER_TOOLS_ID, organiserToolsModule } from "./vite-plugin-organiser-tools.js";
import { WORKER_SOURCE_ID } from "./vite-plugin-worker-source.js";
import { oxc } from "./worker-source.js";

/** Pictures of every state of a room, light and dark, on a phone and on a desk: `docs/screenshots/`. */
const root = fileURLToPath(new URL("..", import.meta.url));
const folder = `${root}docs/screenshots/`;
const wanted = process.argv.slice(2);

const states = [
  "loading",
  "preview",
  "previewProblem",
  "joining",
  "joined",
  "empty",
  "people",
  "organising",
  "person",
  "confirmBan",
  "bannedList",
  "rules",
  "rulesForAdmins",
  "effects",
  "lockedDown",
  "refused",
  "accepting",
  "notAccepted",
  "fingerprint",
  "leaving",
  "problems",
  "connecting",
  "offline",
  "readOnly",
  "outOfSync",
  "roomLost",
  "renaming",
  "restored",
  "diverged",
  "left",
  "removed",
  "storageFull",
  "storageCleared",
  "outdated",
  "outdatedOutside",
  "notAllowed",
  "banned",
  "failed",
  "blocked",
];

const screens = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1280, height: 800 },
};

const css = `
  html { font: 16px/1.5 system-ui, sans-serif; background: #fff; color: #1b1c20; }
  html.dark { color-scheme: dark; background: #131418; color: #e9e9ee; }
  body { margin: 0; }
  mimi-room { --mimi-block-size: 100dvh; --mimi-border: 0; --mimi-radius: 16px; border-radius: 0; }
  @media (min-width: 700px) {
    main { padding: 40px; max-width: 980px; margin: auto; }
    mimi-room { --mimi-block-size: 720px; --mimi-border: initial; border-radius: 16px; }
  }
`;

const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>A room</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/page.css">
<body><main></main><script type="module" src="/gallery.js"></script>`;

/** What a strict site allows: the pictures show that nothing more is needed. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; require-trusted-types-for 'script'; trusted-types lit-html mimi";

async function gallery(): Promise<string> {
  const result = await build({
    root,
    configFile: false,
    logLevel: "error",
    publicDir: false,
    oxc,
    plugins: [
      {
        // The pictures need no worker, and the organisers' tools are in them from the beginning.
        name: "nothing-loaded",
        resolveId: (id) => ([WORKER_SOURCE_ID, ORGANISER_TOOLS_ID].includes(id) ? `\0${id}` : undefined),
        load(id) {
          if (id === `\0${WORKER_SOURCE_ID}`) return 'export default "";';
          return id === `\0${ORGANISER_TOOLS_ID}` ? organiserToolsModule("", "") : undefined;
        },
      },
    ],
    build: { write: false, target: "es2022", rolldownOptions: { input: `${root}test/support/gallery.ts` } },
  });
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((part) => ("output" in part ? part.output : []));
  const chunk = outputs.find((output) => output.type === "chunk");
  if (chunk === undefined) throw new Error("the gallery did not build");
  return chunk.code;
}

async function serve(script: string): Promise<{ url: string; close(): void }> {
  const files: Readonly<Record<string, readonly [string, string]>> = {
    "/": ["text/html", page],
    "/page.css": ["text/css", css],
    "/gallery.js": ["text/javascript", script],
  };
  const server = createServer((request, response) => {
    const [type, body] = files[request.url ?? ""] ?? [];
    if (type === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": type, "content-security-policy": policy }).end(body);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

async function shoot(browser: Browser, url: string, screen: keyof typeof screens, theme: string): Promise<void> {
  const tab = await browser.newPage();
  tab.on("console", (message) => console.log(`${message.type()}: ${message.text()}`));
  tab.on("pageerror", (error) => console.log(String(error)));
  await tab.setViewport({ ...screens[screen], deviceScaleFactor: 1 });
  await tab.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "reduce" }]);
  for (const state of states) {
    const name = `${state}-${screen}-${theme}.png`;
    if (wanted.length > 0 && !wanted.some((part) => name.startsWith(part))) continue;
    const hash = `#state=${state}&theme=${theme}`;
    await tab.goto(`${url}/${hash}`);
    await tab.waitForFunction((expected) => document.body.dataset.shown === expected, {}, hash);
    await writeFile(`${folder}${name}`, smallPng(await tab.screenshot({ type: "png" })));
  }
  await tab.close();
}

/** The provider's own page, by a provider that runs. */
async function shootHostedPage(browser: Browser, theme: "light" | "dark"): Promise<void> {
  const provider = await startTestProvider();
  try {
    for (const [screen, viewport] of Object.entries(screens)) {
      const context = await browser.createBrowserContext();
      const tab = await context.newPage();
      await tab.setViewport({ ...viewport, deviceScaleFactor: 1 });
      await tab.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
      const take = async (name: string): Promise<void> => {
        const png = await tab.screenshot({ type: "png", fullPage: true });
        await writeFile(`${folder}hosted-${name}-${screen}-${theme}.png`, smallPng(png));
      };
      await tab.goto(provider.url);
      await tab.locator(">>> #name").fill("Keynote: Building in public");
      await tab.locator(">>> #nickname").fill("Ines");
      await take("make");
      await tab.locator(">>> mimi-make-room >>> button[type=submit]").click();
      await tab.waitForSelector(">>> #snippet", { visible: true });
      await take("made");
      await context.close();
    }
  } finally {
    await provider.stop();
  }
}

const executablePath = findEngine("chromium");
if (executablePath === undefined) throw new Error("Chromium is needed to take pictures");
if (wanted.length === 0) await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const server = await serve(await gallery());
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--no-first-run",
  "--hide-scrollbars",
];
const browser = await launch({ executablePath, args });
try {
  for (const theme of ["light", "dark"] as const) {
    await shoot(browser, server.url, "phone", theme);
    await shoot(browser, server.url, "desktop", theme);
    if (wanted.length === 0 || wanted.includes("hosted")) await shootHostedPage(browser, theme);
  }
  if (wanted.length === 0) await copyFile(`${folder}people-desktop-light.png`, `${folder}room.png`);
} finally {
  await browser.close();
  server.close();
}
