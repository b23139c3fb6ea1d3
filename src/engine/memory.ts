import type { GroupView } from "../codec/group-view.js";
import type { Acceptance } from "../codec/leaf-extensions.js";
import type { Group } from "../mls/group.js";
import { encodeGroup, publicLength } from "../mls/stored-group.js";
import { type RoomState as PolicyRoom, roomStateOf } from "../policy/room-state.js";
import type {
  CursorRecord,
  EntryRecord,
  IdentityRecord,
  KeyPackageRecord,
  OutboxRecord,
  PendingRecord,
  Step,
} from "../storage/records.js";
import { type SeenEvents, seenAt, seenFrom } from "./seen-events.js";

/** The group that this engine is in. */
export interface SeatedGroup {
  readonly group: Group;
  readonly view: GroupView;
  /** The same, as policy wants it. */
  readonly room: PolicyRoom;
}

/** What the engine knows of its seat. Immutable: a {@link Change} makes the next one, when it is on disk. */
export interface Memory {
  readonly identity: IdentityRecord | undefined;
  readonly seat: SeatedGroup | undefined;
  readonly pending: PendingRecord | undefined;
  readonly proposals: readonly Uint8Array[];
  /** Proposals of this epoch that policy forbids. */
  readonly forbidden: readonly Uint8Array[];
  /** How far the log was read. */
  readonly log: CursorRecord;
  /** The latest events up to there. */
  readonly seen: SeenEvents;
  /** Cursor of the commit that began the epoch; undefined where this engine has not read it, or will read it again. */
  readonly began: number | undefined;
  /** In the order of sending. */
  readonly outbox: readonly OutboxRecord[];
  /** Those that have not expired, with their private parts. */
  readonly keyPackages: readonly KeyPackageRecord[];
  readonly suggestedNickname: string | undefined;
  /** What the person accepts of rooms: everything when undefined. */
  readonly acceptance: Acceptance | undefined;
}

/** What a step does to the seat. */
export interface Change {
  readonly identity?: IdentityRecord;
  readonly seat?: SeatedGroup;
  readonly pending?: PendingRecord | null;
  readonly proposals?: readonly Uint8Array[];
  readonly forbidden?: readonly Uint8Array[];
  readonly log?: CursorRecord;
  /** What is known of the events up to there, where more than one was read. */
  readonly read?: Pick<Memory, "seen" | "began">;
  readonly entries?: readonly EntryRecord[] | undefined;
  readonly entriesGone?: readonly string[] | undefined;
  readonly outbox?: readonly OutboxRecord[] | undefined;
  readonly outboxGone?: readonly string[] | undefined;
  readonly keyPackages?: readonly KeyPackageRecord[];
  readonly keyPackagesGone?: readonly string[];
  readonly suggestedNickname?: string;
  readonly acceptance?: Acceptance;
  /** Deletes the seat: keys (but `identity`, if it is given), group, timeline and outbox. */
  readonly forget?: true;
}

const NO_LOG: CursorRecord = { cursor: 0, hash: "" };

export const EMPTY: Memory = {
  identity: undefined,
  seat: undefined,
  pending: undefined,
  proposals: [],
  forbidden: [],
  log: NO_LOG,
  seen: seenFrom(NO_LOG),
  began: undefined,
  outbox: [],
  keyPackages: [],
  suggestedNickname: undefined,
  acceptance: undefined,
};

/**
 * Whether nothing is read, said or committed with the group: the hub has lost its log, or this client has refused the event that comes
 * next and does not know yet what becomes of it.
 */
export function standsStill({ log }: Pick<Memory, "log">): boolean {
  return log.astray === true || log.refused !== undefined;
}

/** A seat in `group`, of the room `room` at the hub `hub`. */
export function seatIn(group: Group, view: GroupView, room: string, hub: string): SeatedGroup {
  return { group, view, room: roomStateOf(view, room, hub) };
}

/** The memory after a change. */
export function applyChange(memory: Memory, change: Change): Memory {
  const suggestedNickname = change.suggestedNickname ?? memory.suggestedNickname;
  const acceptance = change.acceptance ?? memory.acceptance;
  if (change.forget) return { ...EMPTY, identity: change.identity, suggestedNickname, acceptance };
  const moved = change.seat !== undefined && change.seat.view !== memory.seat?.view;
  return {
    identity: change.identity ?? memory.identity,
    seat: change.seat ?? memory.seat,
    pending: change.pending === null ? undefined : (change.pending ?? memory.pending),
    // A proposal belongs to its epoch (RFC 9420, 12.1): it is committed by then, or void.
    proposals: change.proposals ?? (moved ? [] : memory.proposals),
    forbidden: change.forbidden ?? (moved ? [] : memory.forbidden),
    log: change.log ?? memory.log,
    seen: change.log ? seenAt(memory.seen, change.log) : memory.seen,
    began: beganAt(memory, change, moved),
    ...change.read,
    outbox: mergeOutbox(memory.outbox, change),
    keyPackages: mergeKeyPackages(memory.keyPackages, change),
    suggestedNickname,
    acceptance,
  };
}

function beganAt({ began }: Memory, { log }: Change, moved: boolean): number | undefined {
  if (moved) return log?.cursor;
  return log && began !== undefined && log.cursor < began ? undefined : began;
}

/** `first` and then `second`, as one change. */
export function joinChanges(first: Change, second: Change): Change {
  return {
    ...first,
    ...second,
    entries: joined(first.entries, second.entries),
    entriesGone: joined(first.entriesGone, second.entriesGone),
    outbox: joined(first.outbox, second.outbox),
    outboxGone: joined(first.outboxGone, second.outboxGone),
  };
}

function joined<T>(first: readonly T[] = [], second: readonly T[] = []): readonly T[] {
  return [...first, ...second];
}

/** The transaction that turns `before` into `after`. */
export function stepOf(before: Memory, after: Memory, change: Change): Step {
  const { suggestedNickname, acceptance } = change;
  if (change.forget) {
    const all = { entriesGone: "all", outboxGone: "all", keyPackagesGone: "all" } as const;
    return { identity: change.identity ?? null, group: null, cursor: null, ...all, suggestedNickname, acceptance };
  }
  const { identity, log, entries, entriesGone, outbox, outboxGone, keyPackages, keyPackagesGone } = change;
  const { seat, pending, proposals, forbidden } = after;
  const isSame = before.pending === pending && before.proposals === proposals && before.forbidden === forbidden;
  const moved = before.seat?.group !== seat?.group || !isSame;
  const encoded = moved && seat ? { group: encodeGroup(seat.group), publicLength: publicLength(seat.group) } : {};
  const group = moved ? { ...encoded, pending, proposals, forbidden } : undefined;
  return {
    identity,
    group,
    cursor: log,
    entries,
    entriesGone,
    outbox,
    outboxGone,
    keyPackages,
    keyPackagesGone,
    suggestedNickname,
    acceptance,
  };
}

function mergeOutbox(outbox: readonly OutboxRecord[], change: Change): readonly OutboxRecord[] {
  if (!change.outbox && !change.outboxGone) return outbox;
  const byId = new Map(outbox.map((record) => [record.id, record]));
  for (const record of change.outbox ?? []) byId.set(record.id, record);
  for (const id of change.outboxGone ?? []) byId.delete(id);
  return [...byId.values()].sort((a, b) => a.order - b.order);
}

function mergeKeyPackages(
  before: readonly KeyPackageRecord[],
  { keyPackages = [], keyPackagesGone = [] }: Change,
): readonly KeyPackageRecord[] {
  const gone = new Set(keyPackagesGone);
  return [...before.filter(({ reference }) => !gone.has(reference)), ...keyPackages];
}
