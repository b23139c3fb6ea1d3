import type { EngineEvent, Outcome } from "./engine-api.js";
import type { CallName, CallParameters, CallResult } from "./engine-calls.js";

/** A call on its way to the leading tab. */
export type TabCall = {
  [Name in CallName]: {
    readonly kind: "call";
    /** Unique among all tabs. */
    readonly id: string;
    readonly name: Name;
    readonly parameters: CallParameters<Name>;
  };
}[CallName];

/** What the tabs of one seat say to each other. */
export type TabMessage =
  | TabCall
  | { readonly kind: "answer"; readonly id: string; readonly outcome: Outcome<CallResult<CallName>> }
  | { readonly kind: "event"; readonly event: EngineEvent }
  /** A new leader: what the old one did not answer is asked again. */
  | { readonly kind: "lead" }
  /** The leader is at work on calls. */
  | { readonly kind: "alive" };

/** What was heard, if it is one of these. Only this product speaks on the channel, whose name has a version. */
export function readTabMessage(heard: unknown): TabMessage | undefined {
  return typeof heard === "object" && heard !== null && "kind" in heard ? (heard as TabMessage) : undefined;
}
