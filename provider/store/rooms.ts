import type { Selectable } from "kysely";
import type { RoomTable, Store } from "./schema.js";

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

export interface StoredGroup {
  readonly groupId: Uint8Array;
  readonly epoch: bigint;
  readonly publicGroup: Uint8Array;
  readonly groupInfo: Uint8Array;
  readonly ratchetTree: Uint8Array;
}

export async function findRoom(store: Store, uri: string): Promise<StoredRoom | undefined> {
  const row = await store.selectFrom("rooms").selectAll().where("room_uri", "=", uri).executeTakeFirst();
  return row && roomOf(row);
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
      ...groupColumns(room.group),
    })
    .returning("id")
    .executeTakeFirstOrThrow();
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
  start: { readonly group: StoredGroup; readonly hash: Uint8Array; readonly cursor: number },
): Promise<boolean> {
  const { numUpdatedRows } = await store
    .updateTable("rooms")
    .set({ ...groupColumns(start.group), start_hash: start.hash, start_cursor: start.cursor })
    .where("id", "=", roomId)
    .where("group_id", "is", null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Compare-and-set: moves the group on if its epoch is still `from`; resolves with whether it was. */
export async function advanceGroup(
  store: Store,
  roomId: number,
  from: bigint,
  next: { readonly group: StoredGroup; readonly policy: Uint8Array },
): Promise<boolean> {
  const { numUpdatedRows } = await store
    .updateTable("rooms")
    .set({ ...groupColumns(next.group), policy: next.policy })
    .where("id", "=", roomId)
    .where("epoch", "=", Number(from))
    .executeTakeFirst();
  await store.deleteFrom("proposals").where("room_id", "=", roomId).execute();
  return numUpdatedRows === 1n;
}

/** Takes the group away; the room, its policy and its log stay. */
export async function removeGroup(store: Store, roomId: number): Promise<void> {
  await store.deleteFrom("proposals").where("room_id", "=", roomId).execute();
  await store
    .updateTable("rooms")
    .set({ group_id: null, epoch: null, public_group: null, group_info: null, ratchet_tree: null })
    .where("id", "=", roomId)
    .execute();
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

function groupColumns(group: StoredGroup) {
  return {
    group_id: group.groupId,
    epoch: Number(group.epoch),
    public_group: group.publicGroup,
    group_info: group.groupInfo,
    ratchet_tree: group.ratchetTree,
  };
}

function roomOf(row: Selectable<RoomTable>): StoredRoom {
  return {
    id: row.id,
    uri: row.room_uri,
    origins: originsOf(row.origins),
    policy: row.policy,
    lastCursor: row.last_cursor,
    startHash: row.start_hash,
    startCursor: row.start_cursor,
    group: groupOf(row),
  };
}

function groupOf(row: Selectable<RoomTable>): StoredGroup | undefined {
  const { group_id, epoch, public_group, group_info, ratchet_tree } = row;
  if (group_id === null || epoch === null || public_group === null || group_info === null || ratchet_tree === null) {
    return undefined;
  }
  return {
    groupId: group_id,
    epoch: BigInt(epoch),
    publicGroup: public_group,
    groupInfo: group_info,
    ratchetTree: ratchet_tree,
  };
}

function originsOf(json: string): string[] {
  const value: unknown = JSON.parse(json);
  return Array.isArray(value) ? value.filter((origin) => typeof origin === "string") : [];
}
