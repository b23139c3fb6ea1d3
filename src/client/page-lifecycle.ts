import type { Remote } from "comlink";
import type { WorkerApi } from "../worker/engine-api.js";

/**
 * Tells the worker when its page may be frozen and when it is back. Never `unload`: a page that listens to it is kept
 * out of the back/forward cache.
 */
export class PageLifecycle {
  readonly #api: Remote<WorkerApi>;
  readonly #listening = new AbortController();

  constructor(api: Remote<WorkerApi>) {
    this.#api = api;
    const { signal } = this.#listening;
    addEventListener("pagehide", () => void this.#api.pageHidden(), { signal });
    addEventListener("pageshow", (event) => event.persisted && void this.#api.pageShown(), { signal });
    // Either way the connection is asked for a sign of life.
    addEventListener("online", () => void this.#api.pageShown(), { signal });
    addEventListener("offline", () => void this.#api.pageShown(), { signal });
    document.addEventListener("resume", () => void this.#api.pageShown(), { signal });
    document.addEventListener(
      "visibilitychange",
      () => document.visibilityState === "visible" && void this.#api.pageShown(),
      { signal },
    );
  }

  stop(): void {
    this.#listening.abort();
  }
}
