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

/** What only the leading tab says. */
export type LeadersMessage =
  | { readonly kind: "answer"; readonly id: string; readonly outcome: Outcome<CallResult<CallName>> }
  | { readonly kind: "event"; readonly event: EngineEvent }
  /** A new leader: what the old one did not answer is asked again. */
  | { readonly kind: "lead" }
  /** The leader is at work on calls. */
  | { readonly kind: "alive" };

/** What the tabs of one seat say to each other. `hello` says nothing but which release its sender is of. */
export type TabMessage = TabCall | LeadersMessage | { readonly kind: "hello" };
