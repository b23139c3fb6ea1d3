import { type App, createApp } from "../../provider/app.js";
import type { Clock } from "../../provider/clock.js";
import { defaultLimits, defaultRates, type Limits, type Rates } from "../../provider/config.js";
import { createLog } from "../../provider/log.js";
import type { Peer } from "../../provider/routes/environment.js";
import { openStore } from "../../provider/store/open-store.js";
import type { Store } from "../../provider/store/schema.js";
import { createCrypto } from "../../src/mls/crypto.js";

/** A provider without a socket, whose clock stands still until it is told. */
export interface TestApp {
  readonly url: string;
  readonly domain: string;
  fetch(this: void, request: Request, peer?: Peer): Promise<Response>;
  send(
    method: string,
    path: string,
    body?: string | Uint8Array<ArrayBuffer> | ReadableStream,
    headers?: Record<string, string>,
  ): Promise<Response>;
  /** Takes an event stream on a connection that was just opened. */
  readonly openEventStream: App["openEventStream"];
  /** Lets so many milliseconds pass, and what was to happen in them. */
  pass(ms: number): void;
  /** Its database. */
  readonly store: Store;
  /** What has been logged. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  close(): Promise<void>;
}

/** Opens one; on a database in memory unless the `path` of a file is given. */
export async function openTestApp(
  options: { readonly limits?: Partial<Limits>; readonly rates?: Partial<Rates>; readonly path?: string } = {},
): Promise<TestApp> {
  const url = "https://provider.example";
  const store = await openStore(options.path ?? ":memory:");
  const { clock, pass } = handClock();
  const lines: Readonly<Record<string, unknown>>[] = [];
  const app = await createApp({
    store,
    crypto: createCrypto(),
    clock,
    log: createLog("debug", { write: (line) => lines.push(JSON.parse(line) as Readonly<Record<string, unknown>>) }),
    config: {
      publicUrl: url,
      limits: { ...defaultLimits, ...options.limits },
      rates: { ...defaultRates, ...options.rates },
    },
  });
  const fetch = (request: Request, peer?: Peer) => app.fetch(request, peer);
  return {
    url,
    domain: "provider.example",
    fetch,
    send: (method, path, body, headers = {}) =>
      fetch(new Request(url + path, { method, headers, ...(body === undefined ? {} : { body }) })),
    openEventStream: app.openEventStream,
    pass,
    store,
    lines,
    async close() {
      app.close();
      await store.destroy();
    },
  };
}

function handClock(): { clock: Clock; pass(ms: number): void } {
  let now = 1_700_000_000_000;
  const tasks = new Set<{ readonly at: number; readonly task: () => void }>();
  return {
    clock: {
      now: () => now,
      later(ms, task) {
        const entry = { at: now + ms, task };
        tasks.add(entry);
        return () => tasks.delete(entry);
      },
    },
    pass(ms) {
      now += ms;
      for (const entry of [...tasks].filter(({ at }) => at <= now)) {
        tasks.delete(entry);
        entry.task();
      }
    },
  };
}
