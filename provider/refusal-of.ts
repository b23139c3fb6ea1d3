import { CodecError } from "../src/codec/codec-error.js";
import { Refusal } from "./refusal.js";
import { isBusy } from "./store/open-store.js";

/** What is answered when a request, or a frame, ends in `reason`. */
export function refusalOf(reason: unknown): Refusal {
  if (reason instanceof Refusal) return reason;
  if (reason instanceof CodecError) return new Refusal("malformed", reason.message);
  if (isBusy(reason)) return new Refusal("unavailable", "the store is busy", { retryAfter: 1 });
  return new Refusal("internal", "something went wrong here");
}
