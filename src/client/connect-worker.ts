import workerSource from "virtual:mimi-worker-source";
import type { EngineEvent } from "../worker/engine-api.js";
import { RoomError } from "./room-error.js";
import { trustedScriptUrl } from "./trusted-script-url.js";
import { WorkerConnection } from "./worker-connection.js";

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
  const connection = new WorkerConnection(worker, listener);
  try {
    await connection.ready;
  } catch (error) {
    connection.terminate();
    throw error;
  }
  return connection;
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
