import type { ReactiveController, ReactiveControllerHost } from "lit";

/**
 * Which slots of an element the page has filled. A slot that is handed on to a part hides that part's own content even
 * when it is empty, so only filled ones are handed on.
 */
export class Slotted implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  #observer: MutationObserver | undefined;

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
    host.addController(this);
  }

  has(name: string): boolean {
    return [...this.#host.children].some((child) => child.slot === name);
  }

  hostConnected(): void {
    this.#observer = new MutationObserver(() => this.#host.requestUpdate());
    this.#observer.observe(this.#host, { childList: true });
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
  }
}
