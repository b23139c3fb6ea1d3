import { integrity, path } from "virtual:mimi-organiser-tools";
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { trustedScriptUrl } from "../../src/client/trusted-script-url.js";

/** How far the organisers' tools have come; `blocked`: the page's Content-Security-Policy does not let them in. */
export type ToolsPhase = "absent" | "loading" | "ready" | "failed" | "blocked";

const ELEMENT = "mimi-room-organiser";

/**
 * Loads the organisers' tools, which visitors never need, from the file beside this script. Its hash is compiled in here: who
 * pins this script pins its tools.
 */
export class OrganiserTools implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #phase: ToolsPhase = "absent";
  #attempts = 0;
  #attempt: AbortController | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  get phase(): ToolsPhase {
    return customElements.get(ELEMENT) === undefined ? this.#phase : "ready";
  }

  hostDisconnected(): void {
    this.#attempt?.abort();
    if (this.#phase === "loading") this.#phase = "absent";
  }

  /** Has the tools loaded, unless they are there, on their way, or failed: after that only when it is asked `again`. */
  want({ again = false } = {}): void {
    const { phase } = this;
    if (phase === "absent" || (again && (phase === "failed" || phase === "blocked"))) this.#load();
  }

  #load(): void {
    this.#attempt?.abort();
    this.#attempt = new AbortController();
    const { signal } = this.#attempt;
    this.#become("loading");
    const { href } = this.#url();
    customElements.whenDefined(ELEMENT).then(() => this.#host.requestUpdate());
    // What the policy blocks is an error as well, told before or after this.
    document.addEventListener(
      "securitypolicyviolation",
      ({ blockedURI }) => {
        if (blockedURI === href) this.#become("blocked");
      },
      { signal },
    );
    try {
      const script = scriptFor(href);
      script.addEventListener("load", () => this.#settle(script), { signal });
      script.addEventListener("error", () => this.#settle(script), { signal });
      document.head.append(script);
    } catch {
      // Trusted Types refuse by an exception.
      this.#become("blocked");
    }
  }

  /** Browsers remember that a module could not be loaded: a second attempt has an address of its own. */
  #url(): URL {
    const url = new URL(path, import.meta.url);
    if (this.#attempts > 0) url.search = `?${this.#attempts}`;
    this.#attempts += 1;
    return url;
  }

  /** A module that throws has loaded as well: what counts is whether the tools are there. */
  #settle(script: HTMLScriptElement): void {
    script.remove();
    if (this.phase === "loading") this.#become("failed");
  }

  #become(phase: ToolsPhase): void {
    this.#phase = phase;
    this.#host.requestUpdate();
  }
}

function scriptFor(url: string): HTMLScriptElement {
  const script = document.createElement("script");
  script.type = "module";
  script.crossOrigin = "anonymous";
  script.integrity = integrity;
  const nonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce;
  if (nonce) script.nonce = nonce;
  script.src = trustedScriptUrl(url);
  return script;
}
