import type { Store } from "./schema.js";

/** A group as it stood in an epoch. */
export interface StoredGroup {
  readonly groupId: Uint8Array;
  readonly epoch: bigint;
  readonly publicGroup: Uint8Array;
  readonly groupInfo: Uint8Array;
  readonly ratchetTree: Uint8Array;
}

/** Writes the group of an epoch beside those that are there: it is as large as the group, and written once. */
export async function insertState(store: Store, roomId: number, group: StoredGroup): Promise<void> {
  await store
    .insertInto("group_states")
    .values({
      room_id: roomId,
      epoch: Number(group.epoch),
      public_group: group.publicGroup,
      group_info: group.groupInfo,
      ratchet_tree: group.ratchetTree,
    })
    .execute();
}

/** Deletes the epochs of a room that are neither the group's nor before a provisional event. */
export async function pruneStates(store: Store, roomId: number): Promise<void> {
  await store
    .deleteFrom("group_states")
    .where("group_states.room_id", "=", roomId)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("rooms")
            .select("rooms.id")
            .whereRef("rooms.id", "=", "group_states.room_id")
            .whereRef("rooms.epoch", "=", "group_states.epoch"),
        ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("provisional_events as provisional")
            .select("provisional.cursor")
            .whereRef("provisional.room_id", "=", "group_states.room_id")
            .whereRef("provisional.epoch", "=", "group_states.epoch"),
        ),
      ),
    )
    .execute();
}
