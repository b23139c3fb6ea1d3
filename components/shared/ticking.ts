import type { ReactiveController, ReactiveControllerHost } from "lit";

const PERIOD = 30_000;

/** The present time for relative times: renders its host anew twice a minute while the page is seen. */
export class Ticking implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #timer: ReturnType<typeof setInterval> | undefined;
  #now = Date.now();

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** Milliseconds since 1970, at most half a minute old. */
  get now(): number {
    return this.#now;
  }

  hostConnected(): void {
    this.#tick();
    this.#timer = setInterval(() => {
      if (document.visibilityState === "visible") this.#tick();
    }, PERIOD);
  }

  hostDisconnected(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    this.#now = Date.now();
    this.#host.requestUpdate();
  }
}
