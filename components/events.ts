import type { Problem, RoomState, TimelineEntry } from "../src/client/contract.js";

/** Every event of ours leaves shadow roots and bubbles, so that a page may listen anywhere above the element. */
abstract class MimiEvent extends Event {
  constructor(type: string) {
    super(type, { bubbles: true, composed: true });
  }
}

/** The room reached another phase: `preview`, `joined`, `left` … */
export class MimiPhaseEvent extends MimiEvent {
  static readonly type = "mimi-phase";

  constructor(
    readonly phase: RoomState["phase"],
    readonly state: RoomState,
  ) {
    super(MimiPhaseEvent.type);
  }
}

/** A message came in or was sent while the element was watching; never fired for history. */
export class MimiMessageEvent extends MimiEvent {
  static readonly type = "mimi-message";

  constructor(readonly entry: TimelineEntry) {
    super(MimiMessageEvent.type);
  }
}

/** Something did not happen; the element shows it to its user as well. */
export class MimiProblemEvent extends MimiEvent {
  static readonly type = "mimi-problem";

  constructor(readonly problem: Problem) {
    super(MimiProblemEvent.type);
  }
}

/** The user asks to be let into a room. */
export class MimiKnockRequestEvent extends MimiEvent {
  static readonly type = "mimi-knock-request";

  constructor(readonly reason: string) {
    super(MimiKnockRequestEvent.type);
  }
}

/** A join link was copied to the clipboard. */
export class MimiLinkCopiedEvent extends MimiEvent {
  static readonly type = "mimi-link-copied";

  constructor(readonly link: string) {
    super(MimiLinkCopiedEvent.type);
  }
}

declare global {
  interface HTMLElementEventMap {
    "mimi-phase": MimiPhaseEvent;
    "mimi-message": MimiMessageEvent;
    "mimi-problem": MimiProblemEvent;
    "mimi-knock-request": MimiKnockRequestEvent;
    "mimi-link-copied": MimiLinkCopiedEvent;
  }
}
