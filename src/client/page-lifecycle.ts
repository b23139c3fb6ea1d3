import type { WorkerConnection } from "./worker-connection.js";

/**
 * Tells the worker when its page may be frozen and when it is back. Never `unload`: a page that listens to it is kept
 * out of the back/forward cache.
 */
export class PageLifecycle {
  readonly #connection: WorkerConnection;
  readonly #listening = new AbortController();

  constructor(connection: WorkerConnection) {
    this.#connection = connection;
    const { signal } = this.#listening;
    addEventListener("pagehide", () => this.#tell("pageHidden"), { signal });
    addEventListener("pageshow", (event) => event.persisted && this.#tell("pageShown"), { signal });
    // Either way the connection is asked for a sign of life.
    addEventListener("online", () => this.#tell("pageShown"), { signal });
    addEventListener("offline", () => this.#tell("pageShown"), { signal });
    document.addEventListener("resume", () => this.#tell("pageShown"), { signal });
    document.addEventListener(
      "visibilitychange",
      () => document.visibilityState === "visible" && this.#tell("pageShown"),
      { signal },
    );
  }

  stop(): void {
    this.#listening.abort();
  }

  /** A seat that is in trouble says so in its state. */
  #tell(what: "pageHidden" | "pageShown"): void {
    this.#connection.call(what).catch(() => {});
  }
}
