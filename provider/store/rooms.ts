import { insertState, pruneStates, type StoredGroup } from "./group-states.js";
import type { Store } from "./schema.js";

/** A room as it stands in the database. */
export interface StoredRoom {
  readonly id: number;
  readonly uri: string;
  readonly origins: readonly string[];
  readonly policy: Uint8Array;
  readonly lastCursor: number;
  readonly startHash: Uint8Array;
  readonly startCursor: number;
  readonly group: StoredGroup | undefined;
}

export async function findRoom(store: Store, uri: string): Promise<StoredRoom | undefined> {
  const row = await store.selectFrom("rooms").selectAll().where("room_uri", "=", uri).executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    id: row.id,
    uri: row.room_uri,
    origins: originsOf(row.origins),
    policy: row.policy,
    lastCursor: row.last_cursor,
    startHash: row.start_hash,
    startCursor: row.start_cursor,
    group: row.group_id === null ? undefined : await groupAt(store, row.id, row.group_id, row.epoch),
  };
}

export async function countRooms(store: Store): Promise<number> {
  const row = await store
    .selectFrom("rooms")
    .select((select) => select.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return row.count;
}

/** Inserts a room with its first group; resolves with its row's ID. */
export async function insertRoom(
  store: Store,
  room: Omit<StoredRoom, "id" | "group"> & { readonly group: StoredGroup; readonly createdAt: number },
): Promise<number> {
  const { id } = await store
    .insertInto("rooms")
    .values({
      room_uri: room.uri,
      origins: JSON.stringify(room.origins),
      policy: room.policy,
      last_cursor: room.lastCursor,
      start_hash: room.startHash,
      start_cursor: room.startCursor,
      created_at: room.createdAt,
      group_id: room.group.groupId,
      epoch: Number(room.group.epoch),
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  await insertState(store, id, room.group);
  return id;
}

export async function setOrigins(store: Store, roomId: number, origins: readonly string[]): Promise<void> {
  await store
    .updateTable("rooms")
    .set({ origins: JSON.stringify(origins) })
    .where("id", "=", roomId)
    .execute();
}

/** Gives a room without a group a new one. Resolves with false when it has one by now. */
export async function insertGroup(
  store: Store,
  roomId: number,
  { group, hash, cursor }: { readonly group: StoredGroup; readonly hash: Uint8Array; readonly cursor: number },
): Promise<boolean> {
  const { numUpdatedRows } = await store
    .updateTable("rooms")
    .set({ group_id: group.groupId, epoch: Number(group.epoch), start_hash: hash, start_cursor: cursor })
    .where("id", "=", roomId)
    .where("group_id", "is", null)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) return false;
  await insertState(store, roomId, group);
  return true;
}

/**
 * Compare-and-set: moves the group on if its epoch is still `from`; resolves with whether it was. What a provisional event would go
 * back to is kept.
 */
export async function advanceGroup(
  store: Store,
  roomId: number,
  from: bigint,
  next: { readonly group: StoredGroup; readonly policy: Uint8Array },
): Promise<boolean> {
  const { numUpdatedRows } = await store
    .updateTable("rooms")
    .set({ epoch: Number(next.group.epoch), policy: next.policy })
    .where("id", "=", roomId)
    .where("epoch", "=", Number(from))
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) return false;
  await store.deleteFrom("proposals").where("room_id", "=", roomId).execute();
  await insertState(store, roomId, next.group);
  await pruneStates(store, roomId);
  return true;
}

/** Takes the group away, and what could be gone back to; the room, its policy and its log stay. */
export async function removeGroup(store: Store, roomId: number): Promise<void> {
  await store.deleteFrom("proposals").where("room_id", "=", roomId).execute();
  await store.deleteFrom("provisional_events").where("room_id", "=", roomId).execute();
  await store.deleteFrom("group_states").where("room_id", "=", roomId).execute();
  await store.updateTable("rooms").set({ group_id: null, epoch: null }).where("id", "=", roomId).execute();
}

/** Deletes a room with its log and seats. */
export async function deleteRoom(store: Store, roomId: number): Promise<void> {
  await store.deleteFrom("rooms").where("id", "=", roomId).execute();
}

/** A proposal that waits for a commit. */
export interface StoredProposal {
  /** The leaf that wants to go. */
  readonly leafIndex: number;
  readonly acceptedAt: number;
  readonly message: Uint8Array;
}

export async function insertProposal(store: Store, roomId: number, proposal: StoredProposal): Promise<void> {
  await store
    .insertInto("proposals")
    .values({
      room_id: roomId,
      leaf_index: proposal.leafIndex,
      accepted_at: proposal.acceptedAt,
      message: proposal.message,
    })
    .execute();
}

export async function pendingProposals(store: Store, roomId: number): Promise<StoredProposal[]> {
  const rows = await store
    .selectFrom("proposals")
    .selectAll()
    .where("room_id", "=", roomId)
    .orderBy("leaf_index")
    .execute();
  return rows.map((row) => ({ leafIndex: row.leaf_index, acceptedAt: row.accepted_at, message: row.message }));
}

async function groupAt(store: Store, roomId: number, groupId: Uint8Array, epoch: number | null): Promise<StoredGroup> {
  const state = await store
    .selectFrom("group_states")
    .select(["epoch", "public_group", "group_info", "ratchet_tree"])
    .where("room_id", "=", roomId)
    .where("epoch", "=", epoch)
    .executeTakeFirstOrThrow();
  return {
    groupId,
    epoch: BigInt(state.epoch),
    publicGroup: state.public_group,
    groupInfo: state.group_info,
    ratchetTree: state.ratchet_tree,
  };
}

function originsOf(json: string): string[] {
  const value: unknown = JSON.parse(json);
  return Array.isArray(value) ? value.filter((origin) => typeof origin === "string") : [];
}
