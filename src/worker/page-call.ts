import type { EngineApi, EngineEvent, Outcome } from "./engine-api.js";

/** What a page asks of its worker: {@link EngineApi}, and what only a page can know. Events come unasked. */
export interface PageApi extends Omit<EngineApi, "subscribe" | "unsubscribe"> {
  /** The page may be frozen from now on: the socket is closed, the lock kept. */
  pageHidden(): Promise<void>;
  /** The page is back: what was missed is fetched. */
  pageShown(): Promise<void>;
}

export type PageCallName = keyof PageApi;
export type PageCallParameters<Name extends PageCallName> = Parameters<PageApi[Name]>;
export type PageCallResult<Name extends PageCallName> = Awaited<ReturnType<PageApi[Name]>>;

/** A call on its way from a page to its worker. */
export interface PageCall<Name extends PageCallName = PageCallName> {
  /** Unique in the page's connection. */
  readonly id: number;
  readonly name: Name;
  readonly parameters: PageCallParameters<Name>;
}

/** What a worker tells its page: all on one port, so that what a call did is told before the call resolves. */
export type WorkerMessage =
  /** The script runs: a blocked worker never says so. */
  | { readonly kind: "ready" }
  | { readonly kind: "answer"; readonly id: number; readonly outcome: Outcome<PageCallResult<PageCallName>> }
  | { readonly kind: "event"; readonly event: EngineEvent };
