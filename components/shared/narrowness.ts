import type { ReactiveController, ReactiveControllerHost } from "lit";

/** Narrower than this, in pixels, side by side does not fit. */
const NARROW = 640;

/** Whether an element is narrow, for what a container query cannot do: focus and inertness. */
export class Narrowness implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  #observer: ResizeObserver | undefined;
  #narrow = false;

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
    host.addController(this);
  }

  get narrow(): boolean {
    return this.#narrow;
  }

  hostConnected(): void {
    this.#observer = new ResizeObserver(([entry]) => {
      const narrow = (entry?.contentRect.width ?? NARROW) < NARROW;
      if (narrow === this.#narrow) return;
      this.#narrow = narrow;
      this.#host.requestUpdate();
    });
    this.#observer.observe(this.#host);
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
  }
}
