import { problemOf } from "../engine/engine-problem.js";
import type { Outcome, WorkerApi } from "./engine-api.js";
import type { Seat } from "./seat.js";

/** A seat as its page sees it through comlink: what goes wrong is an outcome, not an exception. */
export function workerApi(seat: Seat): WorkerApi {
  return {
    ready: async () => ({ ok: true, value: undefined }),
    open: outcome((address) => seat.open(address)),
    join: outcome((nickname) => seat.join(nickname)),
    send: outcome((draft) => seat.send(draft)),
    retry: outcome((id) => seat.retry(id)),
    discard: outcome((id) => seat.discard(id)),
    leave: outcome(() => seat.leave()),
    reconnect: outcome(() => seat.reconnect()),
    older: outcome((before, limit) => seat.older(before, limit)),
    create: outcome((room) => seat.create(room)),
    recoveryKit: outcome((passphrase) => seat.recoveryKit(passphrase)),
    restore: outcome((kit, passphrase) => seat.restore(kit, passphrase)),
    pageHidden: outcome(async () => void (await seat.pageHidden())),
    pageShown: outcome(async () => void (await seat.pageShown())),
  };
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
