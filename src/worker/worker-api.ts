import { problemOf } from "../engine/engine-problem.js";
import type { Outcome, WorkerApi } from "./engine-api.js";
import type { Seat } from "./seat.js";

const METHODS = [
  ...(["open", "join", "send", "retry", "discard", "leave", "reconnect", "rename", "older"] as const),
  ...(["create", "recoveryKit", "restore", "pageHidden", "pageShown"] as const),
];

/** A seat as its page sees it through comlink: what goes wrong is an outcome, not an exception. */
export function workerApi(seat: Seat): WorkerApi {
  const calls = METHODS.map((name) => [name, outcome((...args) => Reflect.apply(seat[name], seat, args))]);
  return { ...Object.fromEntries(calls), ready: outcome(async () => undefined) };
}

function outcome<A extends readonly unknown[], T>(
  call: (...args: A) => Promise<T>,
): (...args: A) => Promise<Outcome<T>> {
  return async (...args) => {
    try {
      return { ok: true, value: await call(...args) };
    } catch (error) {
      return { ok: false, problem: problemOf(error) };
    }
  };
}
