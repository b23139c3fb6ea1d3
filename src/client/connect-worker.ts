import workerSource from "virtual:mimi-worker-source";
import { type Remote, wrap } from "comlink";
import type { EngineEvent, EventMessage, WorkerApi } from "../worker/engine-api.js";
import { RoomError } from "./room-error.js";
import { trustedScriptUrl } from "./trusted-script-url.js";

/** A running worker. */
export interface WorkerConnection {
  readonly api: Remote<WorkerApi>;
  terminate(): void;
}

/**
 * Starts the worker, from a blob URL of its inlined source or from `workerSrc`. Rejects with RoomError `insecureContext`,
 * `unsupportedBrowser` or `workerBlocked`; the last one's detail says what the page's Content-Security-Policy lacks.
 * `listener` is told every event of the engine.
 */
export async function connectWorker(
  workerSrc: string | undefined,
  listener: (event: EngineEvent) => void,
): Promise<WorkerConnection> {
  if (!globalThis.isSecureContext) {
    throw new RoomError({
      code: "insecureContext",
      detail: "Encryption needs https (or localhost): this page is not a secure context.",
      retry: false,
    });
  }
  for (const needed of ["Worker", "BroadcastChannel", "indexedDB", "WebSocket"] as const) {
    if (!(needed in globalThis)) throw unsupported(needed);
  }
  if (!navigator.locks) throw unsupported("navigator.locks");

  const url = workerSrc === undefined ? inlinedSourceUrl() : new URL(workerSrc, document.baseURI).href;
  try {
    return await start(url, listener);
  } catch (error) {
    throw error instanceof RoomError ? error : blocked(workerSrc, error);
  } finally {
    if (workerSrc === undefined) URL.revokeObjectURL(url);
  }
}

function inlinedSourceUrl(): string {
  return URL.createObjectURL(new Blob([workerSource], { type: "text/javascript" }));
}

/** Chromium reports a refused worker by an error event, Firefox by an exception or an event: both end up here. */
async function start(url: string, listener: (event: EngineEvent) => void): Promise<WorkerConnection> {
  const worker = new Worker(trustedScriptUrl(url), { name: "mimi-room" });
  worker.addEventListener("message", ({ data }: MessageEvent<EventMessage | Record<string, unknown>>) => {
    // The other messages are comlink's, which looks as little at this one.
    if (isEvent(data)) listener(data.mimiEvent);
  });
  const api = wrap<WorkerApi>(worker);
  try {
    await new Promise<void>((resolve, reject) => {
      worker.addEventListener("error", (event) => reject(new Error(event.message || "The worker did not start.")), {
        once: true,
      });
      api.ready().then(() => resolve(), reject);
    });
  } catch (error) {
    worker.terminate();
    throw error;
  }
  return { api, terminate: () => worker.terminate() };
}

function isEvent(data: EventMessage | Record<string, unknown>): data is EventMessage {
  return "mimiEvent" in data;
}

function unsupported(what: string): RoomError {
  return new RoomError({ code: "unsupportedBrowser", detail: `This browser has no ${what}.`, retry: false });
}

function blocked(workerSrc: string | undefined, cause: unknown): RoomError {
  const line =
    workerSrc === undefined
      ? "worker-src blob: (and, under Trusted Types, trusted-types mimi), or the attribute worker-src with a file of this origin"
      : `worker-src ${new URL(workerSrc, document.baseURI).origin}; the file must be of the page's own origin`;
  return new RoomError({
    code: "workerBlocked",
    detail:
      `The page's Content-Security-Policy must allow ${line}. ${cause instanceof Error ? cause.message : ""}`.trim(),
    retry: false,
  });
}
