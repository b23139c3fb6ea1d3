/** What a part of the room asks the room to do. */
export type Intent =
  | { readonly kind: "join"; readonly nickname: string }
  | { readonly kind: "send"; readonly text: string }
  | { readonly kind: "retry"; readonly id: string }
  | { readonly kind: "discard"; readonly id: string }
  | { readonly kind: "leave" }
  | { readonly kind: "rename"; readonly name: string }
  | { readonly kind: "reconnect" }
  | { readonly kind: "occupants"; readonly open: boolean };

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
