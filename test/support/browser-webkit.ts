/**
 * WebKit by WebKitGTK's WebKitWebDriver and MiniBrowser under Xvfb. A driver process holds one session, and a session
 * is one profile (ephemeral, as MiniBrowser makes them under automation).
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Builder, Capabilities, type WebDriver } from "selenium-webdriver";
import type { EngineDriver, PageDriver, ProfileDriver, ProfileOptions } from "./browser-driver.js";
import { WebKitPage } from "./browser-webkit-page.js";
import { findProgram } from "./programs.js";

/** How long a command may take; the longest wait inside a page is far shorter. */
const COMMAND_MS = 60_000;

const driverPath = (): string | undefined => findProgram(process.env.MIMI_WEBKIT, "WebKitWebDriver");
const displayServerPath = (): string | undefined => findProgram("Xvfb");

/** The MiniBrowser of this machine, when its driver and a display server are there too. */
export function miniBrowserPath(): string | undefined {
  if (driverPath() === undefined || displayServerPath() === undefined) return undefined;
  const libraries = ["/usr/lib", "/usr/libexec", ...readdirSync("/usr/lib").map((name) => join("/usr/lib", name))];
  return libraries
    .flatMap((directory) => ["webkit2gtk-4.1", "webkit2gtk-4.0"].map((api) => join(directory, api, "MiniBrowser")))
    .find((path) => existsSync(path));
}

export async function launchWebKit(): Promise<EngineDriver> {
  const binary = miniBrowserPath();
  if (binary === undefined) throw new Error("WebKitWebDriver, MiniBrowser and Xvfb are not all on this machine");
  const display = await startDisplay();
  const profiles = new Set<WebKitProfile>();
  return {
    engine: "webkit",
    version: "WebKitGTK",
    async newProfile(options) {
      const profile = await WebKitProfile.start(binary, display.name, options);
      profiles.add(profile);
      return profile;
    },
    async close() {
      await Promise.all([...profiles].map((profile) => profile.close()));
      await end(display.process);
    },
  };
}

/** Starts an X server on a display number that is free; it writes the number to the descriptor it is given. */
async function startDisplay(): Promise<{ name: string; process: ChildProcess }> {
  const server = spawn(
    displayServerPath() ?? "Xvfb",
    ["-displayfd", "3", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"],
    {
      stdio: ["ignore", "ignore", "ignore", "pipe"],
    },
  );
  const number = await new Promise<string>((resolve, reject) => {
    server.stdio[3]?.once("data", (chunk: Buffer) => resolve(chunk.toString().trim()));
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`Xvfb ended with ${code}`)));
  });
  return { name: `:${number}`, process: server };
}

class WebKitProfile implements ProfileDriver {
  #last: Promise<unknown> = Promise.resolve();
  #firstWindow = true;
  #current = "";
  #closed = false;

  private constructor(
    private readonly web: WebDriver,
    private readonly driver: ChildProcess,
    private readonly directory: string,
  ) {}

  static async start(binary: string, display: string, { proxy }: ProfileOptions): Promise<WebKitProfile> {
    const directory = mkdtempSync(join(tmpdir(), "mimi-webkit-"));
    const port = await freePort();
    const driver = spawn(driverPath() ?? "WebKitWebDriver", [`--port=${port}`], {
      stdio: "ignore",
      env: {
        ...process.env,
        DISPLAY: display,
        WEBKIT_DISABLE_DMABUF_RENDERER: "1",
        NO_AT_BRIDGE: "1",
        GIO_USE_VFS: "local",
        HOME: directory,
      },
    });
    await untilReady(port, driver);
    const { host } = new URL(proxy);
    const web = await new Builder()
      .usingServer(`http://127.0.0.1:${port}`)
      .withCapabilities(
        new Capabilities({
          browserName: "MiniBrowser",
          proxy: { proxyType: "manual", httpProxy: host, sslProxy: host, noProxy: [] },
          pageLoadStrategy: "none",
          "webkitgtk:browserOptions": { binary, args: ["--automation"] },
        }),
      )
      .build();
    await web.manage().setTimeouts({ script: 10_000, pageLoad: 60_000 });
    return new WebKitProfile(web, driver, directory);
  }

  async newPage(): Promise<PageDriver> {
    const window = await this.exclusive(async () => {
      if (this.#firstWindow) this.#firstWindow = false;
      // Not a tab: one in the background takes no input, and the driver waits for it for ever.
      else await this.web.switchTo().newWindow("window");
      this.#current = await this.web.getWindowHandle();
      return this.#current;
    });
    return new WebKitPage((action) => this.inWindow(window, action));
  }

  /** A session has one current window, so its pages take turns. */
  async inWindow<T>(window: string, action: (web: WebDriver) => Promise<T>): Promise<T> {
    return this.exclusive(async () => {
      if (this.#current !== window) await this.web.switchTo().window(window);
      this.#current = window;
      return action(this.web);
    });
  }

  async exclusive<T>(action: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => answered(action()));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await answered(this.web.quit()).catch(() => undefined);
    await end(this.driver);
    rmSync(this.directory, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** What the driver answers; rejects when it does not, so that a test fails instead of hanging. */
function answered<T>(command: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("WebKitWebDriver does not answer")), COMMAND_MS);
  });
  return Promise.race([command, late]).finally(() => clearTimeout(timer));
}

/** Resolves when the driver answers on its port. */
async function untilReady(port: number, driver: ChildProcess): Promise<void> {
  const deadline = performance.now() + 15_000;
  for (;;) {
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/status`);
      if (answer.ok) return;
    } catch (fault) {
      if (driver.exitCode !== null || performance.now() > deadline) throw fault;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

/** Ends a process of ours and resolves when it is gone. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await gone;
}
