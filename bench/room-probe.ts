/** Reads a room's element from within its page, on the page's own clock, with nothing of ours in the product. */
import type { Page } from "puppeteer-core";

declare global {
  interface Window {
    mimiProbe: {
      /** When Enter was pressed, by what had been typed: milliseconds since 1970. */
      readonly sent: Record<string, number>;
      /** When the frame with a message was painted, by its text: milliseconds since 1970. */
      readonly shown: Record<string, number>;
    };
  }
}

/** Notes in every later document of the page when Enter is pressed and when messages are painted. */
export async function watchMessages(page: Page): Promise<void> {
  await beforeEveryScript(page, () => {
    const probe: Window["mimiProbe"] = { sent: {}, shown: {} };
    window.mimiProbe = probe;
    const within = (root: ParentNode | null | undefined, name: string): Element | null =>
      (root as Element | null)?.shadowRoot?.querySelector(name) ?? null;
    addEventListener(
      "keydown",
      (event) => {
        const field = event.composedPath()[0];
        if (event.key !== "Enter" || !(field instanceof HTMLTextAreaElement)) return;
        probe.sent[field.value] = performance.timeOrigin + event.timeStamp;
      },
      { capture: true },
    );
    const look = (): void => {
      const timeline = within(document.querySelector("mimi-room"), "mimi-room-timeline");
      const messages = timeline?.shadowRoot?.querySelectorAll("mimi-room-message") ?? [];
      for (const message of [...messages].slice(-4)) {
        const text = within(message, "[part~=bubble]")?.textContent?.trim();
        if (text) probe.shown[text] ??= performance.timeOrigin + performance.now();
      }
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}

/** Runs `action` in every later document of the page. The TypeScript loader names functions by a helper of its own. */
export async function beforeEveryScript(page: Page, action: () => void): Promise<void> {
  await page.evaluateOnNewDocument(`((__name) => (${action})())((value) => value)`);
}
