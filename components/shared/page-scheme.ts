import type { ReactiveController, ReactiveControllerHost } from "lit";

/** Whether an element shows itself light or dark; `auto` does as the page around it does. */
export type Theme = "auto" | "light" | "dark";

interface Themed extends ReactiveControllerHost, HTMLElement {
  readonly theme: Theme;
}

/**
 * Finds out whether the page around an element is dark, by the brightness of the text that it would inherit: pages make
 * themselves dark in many ways, but all of them end in a light text. Sets the element's `dark` state (`:state(dark)`).
 */
export class PageScheme implements ReactiveController {
  readonly #host: Themed;
  readonly #internals: ElementInternals;
  #query: MediaQueryList | undefined;
  #observer: MutationObserver | undefined;

  constructor(host: Themed) {
    this.#host = host;
    this.#internals = host.attachInternals();
    host.addController(this);
  }

  hostConnected(): void {
    this.#query = matchMedia("(prefers-color-scheme: dark)");
    this.#query.addEventListener("change", this.#look);
    this.#observer = new MutationObserver(this.#look);
    // Where pages keep their own light and dark switch.
    for (const root of [document.documentElement, document.body]) {
      this.#observer.observe(root, { attributes: true });
    }
    this.#look();
  }

  hostDisconnected(): void {
    this.#query?.removeEventListener("change", this.#look);
    this.#observer?.disconnect();
  }

  hostUpdate(): void {
    this.#look();
  }

  readonly #look = (): void => {
    const { theme } = this.#host;
    const dark = theme === "dark" || (theme === "auto" && isPageDark(this.#host));
    if (dark) this.#internals.states.add("dark");
    else this.#internals.states.delete("dark");
  };
}

function isPageDark(element: Element): boolean {
  const parent = element.parentElement ?? element.getRootNode();
  const around = parent instanceof ShadowRoot ? parent.host : parent;
  if (!(around instanceof Element)) return false;
  return brightness(getComputedStyle(around).color) > 0.55;
}

/** How bright a computed colour is, 0 to 1, near enough to tell ink from chalk. */
function brightness(color: string): number {
  const [one = 0, two = 0, three = 0] = color.match(/[\d.]+/g)?.map(Number) ?? [];
  if (/^ok(lab|lch)/.test(color)) return one;
  if (/^(lab|lch)/.test(color)) return one / 100;
  const weighed = one * 0.299 + two * 0.587 + three * 0.114;
  return color.startsWith("color(") ? weighed : weighed / 255;
}
