import type { EngineEvent, Outcome } from "../worker/engine-api.js";
import type { PageCall, PageCallName, PageCallParameters, PageCallResult, WorkerMessage } from "../worker/page-call.js";
import { RoomError } from "./room-error.js";

/** A running worker, as its page talks to it. */
export class WorkerConnection {
  /** Resolves when the worker's script runs, rejects when the browser refuses it. */
  readonly ready: Promise<void>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, (outcome: Outcome<PageCallResult<PageCallName>>) => void>();
  #calls = 0;

  /** `listener` is told every event of the engine. */
  constructor(worker: Worker, listener: (event: EngineEvent) => void) {
    this.#worker = worker;
    this.ready = new Promise((resolve, reject) => {
      worker.addEventListener("error", ({ message }) => reject(new Error(message || "The worker did not start.")));
      worker.addEventListener("message", ({ data }: MessageEvent<WorkerMessage>) => {
        if (data.kind === "ready") resolve();
        else if (data.kind === "event") listener(data.event);
        else this.#answer(data.id, data.outcome);
      });
    });
  }

  /** Has the worker carry out a call. Rejects with RoomError. */
  call<Name extends PageCallName>(name: Name, ...parameters: PageCallParameters<Name>): Promise<PageCallResult<Name>> {
    return new Promise((resolve, reject) => {
      const id = ++this.#calls;
      this.#worker.postMessage({ id, name, parameters } satisfies PageCall<Name>);
      this.#waiting.set(id, (outcome) => {
        if (outcome.ok) resolve(outcome.value as PageCallResult<Name>);
        else reject(new RoomError(outcome.problem));
      });
    });
  }

  terminate(): void {
    this.#worker.terminate();
  }

  #answer(id: number, outcome: Outcome<PageCallResult<PageCallName>>): void {
    this.#waiting.get(id)?.(outcome);
    this.#waiting.delete(id);
  }
}
