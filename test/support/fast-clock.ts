import type { Clock } from "../../src/transport/ports.js";

/** A clock that goes `times` as fast as time does: what waits for seconds is over in a fraction of them. */
export function fastClock(times: number): Clock {
  const began = Date.now();
  return {
    now: () => began + (Date.now() - began) * times,
    after(milliseconds, then) {
      const timer = setTimeout(then, milliseconds / times);
      return () => clearTimeout(timer);
    },
  };
}
