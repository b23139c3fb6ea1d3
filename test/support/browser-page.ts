/** A page of a browser as a person uses it: things are found by role and name, and waited for until they are there. */
import { type DomLibrary, domLibrary, type Query } from "./browser-dom.js";
import type { Key, PageDriver } from "./browser-driver.js";

/** How long a wait inside the page lasts before the test looks again, milliseconds: pages of a session take turns. */
const SLICE = 400;

/** How long a thing may take to appear, milliseconds. */
const PATIENCE = 30_000;

export class Page {
  constructor(private readonly driver: PageDriver) {}

  /** Console errors, warnings and uncaught exceptions so far. */
  get complaints(): readonly string[] {
    return this.driver.complaints;
  }

  goto(url: string): Promise<void> {
    return this.driver.goto(url);
  }

  reload(): Promise<void> {
    return this.driver.reload();
  }

  bringToFront(): Promise<void> {
    return this.driver.bringToFront();
  }

  resize(width: number, height: number): Promise<void> {
    return this.driver.resize(width, height);
  }

  screenshot(): Promise<Uint8Array> {
    return this.driver.screenshot();
  }

  close(): Promise<void> {
    return this.driver.close();
  }

  /** Calls `action` in the page with the helpers of `browser-dom.ts`; it uses nothing from its scope here. */
  async evaluate<A extends readonly unknown[], R>(
    action: (dom: DomLibrary, ...args: A) => R | Promise<R>,
    ...args: A
  ): Promise<R> {
    return (await this.driver.run(inPage(`return await (${action})(dom, ...args);`), args)) as R;
  }

  /** Resolves with what `probe` returns in the page once that is neither false nor undefined nor null. */
  async waitFor<A extends readonly unknown[], R>(
    what: string,
    probe: (dom: DomLibrary, ...args: A) => R | Promise<R>,
    ...args: A
  ): Promise<NonNullable<Exclude<R, false>>> {
    const source = inPage(`
      const until = performance.now() + ${SLICE};
      for (;;) {
        const result = await (${probe})(dom, ...args);
        if (result !== false && result !== undefined && result !== null) return { result };
        if (performance.now() > until) return {};
        await dom.frame();
      }`);
    const deadline = performance.now() + PATIENCE;
    let fault: unknown;
    while (performance.now() < deadline) {
      try {
        const answer = (await this.driver.run(source, args)) as { result?: NonNullable<Exclude<R, false>> };
        if (answer.result !== undefined) return answer.result;
      } catch (thrown) {
        // A page that navigates meanwhile takes the probe with it: the next look is at the new document.
        fault = thrown;
        await this.driver.run("return null", []).catch(() => undefined);
      }
    }
    throw new Error(
      `${what}: not within ${PATIENCE / 1000} s${fault ? `; ${String(fault)}` : ""}\n${await this.#scene()}`,
    );
  }

  /** Resolves once an element that fits is shown. */
  async see(query: Query): Promise<void> {
    await this.waitFor(`see ${JSON.stringify(query)}`, (dom, query) => dom.find(query) !== undefined, query);
  }

  /** Resolves once no element that fits is shown. */
  async seeNo(query: Query): Promise<void> {
    await this.waitFor(`see no ${JSON.stringify(query)}`, (dom, query) => dom.find(query) === undefined, query);
  }

  /** How many elements fit now. */
  count(query: Query): Promise<number> {
    return this.evaluate((dom, query) => dom.all(query).length, query);
  }

  /** The texts of all elements that fit now, in tree order. */
  texts(query: Query): Promise<string[]> {
    return this.evaluate((dom, query) => dom.all(query).map((element) => dom.tidy(dom.text(element))), query);
  }

  /** Clicks the first element that fits, as soon as it is there, enabled, still and uncovered. */
  async click(query: Query): Promise<void> {
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const { x, y } = await this.waitFor(
        `click ${JSON.stringify(query)}`,
        async (dom, query) => {
          const element = dom.find(query);
          const point = element && (await dom.point(element));
          if (point) dom.expectClick(element);
          return point;
        },
        query,
      );
      await this.driver.click(x, y);
      // What moves between the look and the click is missed, as people miss it: they click again. A page that went away
      // by the click has no answer.
      if (await this.evaluate((dom) => dom.clickArrived()).catch(() => true)) return;
    }
    throw new Error(`click ${JSON.stringify(query)}: missed three times\n${await this.#scene()}`);
  }

  /** Clicks into the field, and once it has the focus writes over what it holds. */
  async fill(query: Query, text: string): Promise<void> {
    await this.click(query);
    await this.waitFor(
      `focus in ${JSON.stringify(query)}`,
      (dom, query) => {
        const field = dom.focused();
        if (field === null || !dom.fits(field, query)) return false;
        if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.select();
        return true;
      },
      query,
    );
    await this.driver.type(text);
  }

  /** Types into whatever has the focus. */
  type(text: string): Promise<void> {
    return this.driver.type(text);
  }

  press(key: Key, { shift = false } = {}): Promise<void> {
    return this.driver.press(key, shift);
  }

  /** Presses Tab until an element that fits has the focus; fails when the focus went all around. */
  async tabTo(query: Query, { shift = false } = {}): Promise<void> {
    for (let step = 0; step < 60; step += 1) {
      const there = await this.evaluate((dom, query) => {
        const element = dom.focused();
        return element !== null && dom.fits(element, query);
      }, query);
      if (there) return;
      await this.driver.press("Tab", shift);
    }
    throw new Error(`${JSON.stringify(query)} cannot be reached by Tab\n${await this.#scene()}`);
  }

  /** Gives a file input a file. */
  upload(query: Query, path: string): Promise<void> {
    const source = inPage(`
      const fits = (query) => [...dom.deep(document)].find((node) => node.matches(query.css));
      return fits(args[0]);`);
    return this.driver.upload(source, [query], path);
  }

  /** What the page shows, folded details too, and complains of: for the message of a failed wait. */
  async #scene(): Promise<string> {
    const shown = await this.evaluate((dom) => {
      const details = dom.all({ css: "details" }).map((element) => dom.tidy(element.textContent ?? ""));
      return [location.href, dom.text(document.body).replace(/\s*\n\s*/g, "\n"), ...details].join("\n");
    }).catch((fault: unknown) => `(the page cannot be looked at: ${String(fault)})`);
    return `the page shows:\n${shown}\nits console complains: ${this.complaints.join("\n") || "of nothing"}`;
  }
}

/** Wraps a function's body with the page's helpers. The TypeScript loader names functions by a helper of its own. */
function inPage(body: string): string {
  return `const __name = (value) => value; const dom = (${domLibrary})(); ${body}`;
}
