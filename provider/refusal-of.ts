import { CodecError } from "../src/codec/codec-error.js";
import { Refusal } from "./refusal.js";
import { type StoreFault, storeFaultOf } from "./store/store-fault.js";

/** What a client is told of a store that cannot be written, and after how many seconds it may ask again. */
const UNAVAILABLE: Readonly<Record<StoreFault, readonly [string, number]>> = {
  busy: ["the store is busy", 1],
  full: ["the store is full", 10],
  failing: ["the store cannot be written", 10],
  damaged: ["the store cannot be read", 60],
};

/** What is answered when a request, or a frame, ends in `reason`. */
export function refusalOf(reason: unknown): Refusal {
  if (reason instanceof Refusal) return reason;
  if (reason instanceof CodecError) return new Refusal("malformed", reason.message);
  const fault = storeFaultOf(reason);
  if (fault === undefined) return new Refusal("internal", "something went wrong here");
  const [message, retryAfter] = UNAVAILABLE[fault];
  return new Refusal("unavailable", message, { retryAfter });
}
