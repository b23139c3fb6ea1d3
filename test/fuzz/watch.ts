import { Worker } from "node:worker_threads";
import type { Decoder } from "./decoder.js";

/** Watches a run from another thread, where one that never ends is noticed: it is named, and the process ended. */
export function watch(decoders: readonly Decoder[], seed: number) {
  const progress = new Int32Array(new SharedArrayBuffer(12));
  const names = decoders.map(({ name }) => name);
  const worker = new Worker(new URL("./watchdog.mjs", import.meta.url), {
    workerData: { progress, names, seed },
    execArgv: [],
  });
  return {
    began(decoder: Decoder, index: number) {
      Atomics.store(progress, 0, names.indexOf(decoder.name));
      Atomics.store(progress, 1, index);
      Atomics.add(progress, 2, 1);
    },
    stop: () => worker.postMessage("stop"),
  };
}
