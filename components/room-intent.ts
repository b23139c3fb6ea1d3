import type { Acceptance } from "../src/client/contract.js";

/** An organiser's tool that is open: what can be done to somebody, the room's rules, who is banned. */
export type Tool =
  | { readonly kind: "person"; readonly user: string }
  | { readonly kind: "rules" }
  | { readonly kind: "banned" };

/** What a part of the room asks the room to do. */
export type Intent =
  | { readonly kind: "join"; readonly nickname: string }
  | { readonly kind: "send"; readonly text: string }
  | { readonly kind: "retry"; readonly id: string }
  | { readonly kind: "discard"; readonly id: string }
  | { readonly kind: "leave" }
  | { readonly kind: "rename"; readonly name: string }
  | { readonly kind: "reconnect" }
  | { readonly kind: "accept"; readonly acceptance: Acceptance }
  | ViewIntent;

/** What changes only what is shown. */
export type ViewIntent =
  | { readonly kind: "occupants"; readonly open: boolean }
  /** None: back to the list. */
  | { readonly kind: "tool"; readonly tool: Tool | undefined }
  /** Tries once more to load the organisers' tools. */
  | { readonly kind: "loadTools" };

/** Carries an {@link Intent} from a part up to its `<mimi-room>`, which keeps it from going further. */
export class RoomIntentEvent extends Event {
  static readonly type = "mimi-room-intent";

  constructor(readonly intent: Intent) {
    super(RoomIntentEvent.type, { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    "mimi-room-intent": RoomIntentEvent;
  }
}
