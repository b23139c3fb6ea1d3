import type { GroupView } from "../../src/codec/group-view.js";
import { roomPolicy } from "../../src/codec/room-policy.js";
import { decode } from "../../src/codec/tls.js";
import type { PublicGroup } from "../../src/mls/public-group.js";
import { type RoomState, roomStateOf, roomWithoutGroup } from "../../src/policy/room-state.js";
import type { ProvisionalEvent } from "../store/provisional-events.js";
import type { StoredProposal } from "../store/rooms.js";

/** A room in memory, ready to be judged: never changed, only replaced. */
export interface LiveRoom {
  readonly id: number;
  readonly uri: string;
  readonly origins: readonly string[];
  /** The retained policy as it stands on the wire; `state` has it decoded. */
  readonly policyBytes: Uint8Array;
  readonly lastCursor: number;
  readonly startHash: Uint8Array;
  readonly startCursor: number;
  /** Events that no member has taken yet, the oldest first. */
  readonly provisional: readonly ProvisionalEvent[];
  /** Users that may neither commit nor propose, and until when. */
  readonly bars: ReadonlyMap<string, number>;
  /** What policy sees; without a group, a room without members. */
  readonly state: RoomState;
  readonly group: LiveGroup | undefined;
}

export interface LiveGroup {
  readonly publicGroup: PublicGroup;
  readonly view: GroupView;
  readonly groupInfo: Uint8Array;
  readonly ratchetTree: Uint8Array;
  /** The URIs of the clients in the group. */
  readonly seated: ReadonlySet<string>;
  /** SelfRemoves that no commit has carried yet. */
  readonly pending: readonly StoredProposal[];
}

/** A live group from its parts. */
export function liveGroup(parts: Omit<LiveGroup, "seated">): LiveGroup {
  return { ...parts, seated: new Set(parts.view.members.map(({ clientUri }) => clientUri)) };
}

/** `room` with this group, or with none; its state follows. */
export function withGroup(
  room: Omit<LiveRoom, "state" | "group" | "policyBytes">,
  policyBytes: Uint8Array,
  group: LiveGroup | undefined,
  hubUri: string,
): LiveRoom {
  const state =
    group === undefined
      ? roomWithoutGroup(decode(roomPolicy, policyBytes), room.uri, hubUri)
      : roomStateOf(group.view, room.uri, hubUri);
  return { ...room, policyBytes, state, group };
}
