import { Key as Keys, type WebDriver, WebElement } from "selenium-webdriver";
import type { Key, PageDriver } from "./browser-driver.js";

const KEYS: Record<Key, string> = {
  Enter: Keys.ENTER,
  Tab: Keys.TAB,
  Escape: Keys.ESCAPE,
  Backspace: Keys.BACK_SPACE,
  Space: " ",
  ArrowUp: Keys.ARROW_UP,
  ArrowDown: Keys.ARROW_DOWN,
  Home: Keys.HOME,
  End: Keys.END,
};

/** A window of a WebKitWebDriver session. */
export class WebKitPage implements PageDriver {
  readonly complaints: string[] = [];

  /** @param inWindow Runs commands when it is the window's turn and the window is the current one. */
  constructor(private readonly inWindow: <T>(action: (web: WebDriver) => Promise<T>) => Promise<T>) {}

  async goto(url: string): Promise<void> {
    await this.#leave();
    await this.inWindow((web) => web.get(url));
    await this.#arrive();
  }

  async reload(): Promise<void> {
    await this.#leave();
    await this.inWindow((web) => web.navigate().refresh());
    await this.#arrive();
  }

  bringToFront(): Promise<void> {
    return this.inWindow(async () => undefined);
  }

  async run(source: string, args: readonly unknown[]): Promise<unknown> {
    const answer = await this.inWindow((web) => web.executeAsyncScript<Answer>(listening(source), args));
    this.complaints.push(...answer.complaints);
    if (answer.fault !== undefined) throw new Error(answer.fault);
    return answer.value;
  }

  /** Takes the last complaints of the document that is left, and marks it. */
  async #leave(): Promise<void> {
    await this.run("globalThis.mimiTestLeft = true", []);
  }

  /**
   * Waits for the next document. Pages are not waited for by the driver itself, so that the console is listened to
   * from before the first script on.
   */
  async #arrive(): Promise<void> {
    const deadline = performance.now() + LOAD_MS;
    // A synchronous look: what waits in a document that is being replaced is never answered.
    while (!(await this.inWindow((web) => web.executeScript<boolean>(`${LISTEN} ${ARRIVED}`)).catch(() => false))) {
      if (performance.now() > deadline) throw new Error("the page did not load");
    }
  }

  async click(x: number, y: number): Promise<void> {
    await this.inWindow((web) =>
      web
        .actions()
        .move({ x: Math.round(x), y: Math.round(y), duration: 0 })
        .click()
        .perform(),
    );
  }

  async type(text: string): Promise<void> {
    await this.inWindow((web) => web.actions().sendKeys(text).perform());
  }

  async press(key: Key, shift: boolean): Promise<void> {
    await this.inWindow(async (web) => {
      const actions = web.actions();
      if (shift) actions.keyDown(Keys.SHIFT);
      actions.keyDown(KEYS[key]).keyUp(KEYS[key]);
      if (shift) actions.keyUp(Keys.SHIFT);
      await actions.perform();
    });
  }

  async resize(width: number, height: number): Promise<void> {
    // A window is asked for by its outer size; what its frame and bars take is known after the first try.
    await this.inWindow(async (web) => {
      const inner = () => web.executeScript<[number, number]>("return [innerWidth, innerHeight]");
      await web.manage().window().setRect({ width, height });
      const [innerWidth, innerHeight] = await inner();
      const outer = await web.manage().window().getRect();
      await web
        .manage()
        .window()
        .setRect({
          width: outer.width + width - innerWidth,
          height: outer.height + height - innerHeight,
        });
    });
  }

  async upload(source: string, args: readonly unknown[], path: string): Promise<void> {
    await this.inWindow(async (web) => {
      const { value } = await web.executeAsyncScript<Answer>(listening(source), args);
      if (!(value instanceof WebElement)) throw new Error("upload: no file input there");
      await value.sendKeys(path);
    });
  }

  /** WebKitWebDriver does not always answer a request for a picture under Xvfb, so it is not asked. */
  screenshot(): Promise<Uint8Array> {
    return Promise.reject(new Error("no screenshots in WebKit"));
  }

  async close(): Promise<void> {
    await this.inWindow((web) => web.close());
  }
}

interface Answer {
  readonly value?: unknown;
  readonly fault?: string;
  readonly complaints: readonly string[];
}

/** How long a page may take to load. */
const LOAD_MS = 45_000;

/** Whether this is a document that was not left, and loaded. */
const ARRIVED = `return !globalThis.mimiTestLeft && document.readyState === "complete"`;

/** Listens to what the console of an ephemeral session keeps to itself, from the first script of the test on. */
const LISTEN = `
  if (!globalThis.mimiTestComplaints) {
    const complaints = (globalThis.mimiTestComplaints = []);
    for (const level of ["error", "warn"]) {
      const original = console[level];
      console[level] = (...what) => {
        complaints.push(level + ": " + what.map(String).join(" "));
        original.apply(console, what);
      };
    }
    addEventListener("error", (event) => complaints.push("uncaught: " + (event.message ?? "not loaded: " + event.target?.src) + " " + (event.error?.stack ?? "")), true);
    addEventListener("unhandledrejection", (event) => complaints.push("unhandled: " + event.reason));
    document.addEventListener("securitypolicyviolation", (event) =>
      complaints.push("policy: " + event.violatedDirective + " " + event.blockedURI));
  }`;

function listening(source: string): string {
  return `${LISTEN}
    const done = arguments[arguments.length - 1];
    const end = (answer) => done({ ...answer, complaints: globalThis.mimiTestComplaints.splice(0) });
    (async (args) => { ${source} })(arguments[0])
      .then((value) => end({ value }), (fault) => end({ fault: String(fault) + "\\n" + fault?.stack }));`;
}
