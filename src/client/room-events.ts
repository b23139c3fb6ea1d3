import type { RoomState, TimelineEntry } from "../worker/engine-api.js";

/** The room's state changed; it is whole, and replaces the one before. */
export class RoomStateEvent extends Event {
  constructor(readonly state: RoomState) {
    super("mimi-state");
  }
}

/** The timeline changed. {@link entries} is the whole timeline that is loaded, {@link changed} what this event brought. */
export class RoomTimelineEvent extends Event {
  constructor(
    /** Everything loaded, oldest first. */
    readonly entries: readonly TimelineEntry[],
    /** Entries added or replaced by this change, oldest first. */
    readonly changed: readonly TimelineEntry[],
    /** IDs of entries that this change took away. */
    readonly gone: readonly string[],
    /** `history`: loaded from storage (at the start, or older ones); `live`: it just happened. */
    readonly cause: "live" | "history",
  ) {
    super("mimi-timeline");
  }
}

/** The events of a RoomClient by their names. */
export interface RoomClientEventMap {
  "mimi-state": RoomStateEvent;
  "mimi-timeline": RoomTimelineEvent;
}
