import assert from "node:assert/strict";
import { ApiMember } from "./api-member.js";
import { AppStream } from "./app-stream.js";
import { type Forgery, forgeCommit, forgedSelfRemove, type OfferedCommit } from "./forged-commits.js";
import type { TestApp } from "./provider-app.js";

let rooms = 0;

/** A room with these members, each of whom has read its log; nothing in it is provisional any more. */
export async function roomOf(app: TestApp, ...nicknames: readonly string[]): Promise<ApiMember[]> {
  const [creator, ...joiners] = await Promise.all(
    nicknames.map((nickname) => ApiMember.register(app.url, nickname, app.fetch)),
  );
  assert.ok(creator);
  rooms += 1;
  await creator.createRoom(`provisional-${rooms}`);
  const inside = [creator];
  for (const joiner of joiners) {
    await joiner.join(creator.room);
    inside.push(joiner);
    for (const member of inside) await member.catchUp();
  }
  // who was there first follows every join
  if (joiners.length > 0) assert.equal((await creator.say("welcome")).status, 200);
  for (const member of inside) await member.catchUp();
  assert.deepEqual(await provisionalCursors(app, creator), []);
  return inside;
}

/** A member's commit that passes every check of the hub, and that no other member can follow. */
export async function commitForged(
  member: ApiMember,
  forgery: Forgery = "confirmation tag",
  made?: Awaited<ReturnType<ApiMember["stageUpdate"]>>,
): Promise<OfferedCommit> {
  const own = made ?? (await member.stageUpdate());
  const forged = await forgeCommit(member.guest.crypto, member.joined(), own, forgery);
  assert.equal((await member.offer(forged)).status, 200);
  return forged;
}

/** A member's SelfRemove that passes every check of the hub, and that no other member can follow: its membership tag is wrong. */
export async function leaveForged(member: ApiMember): Promise<Uint8Array> {
  const proposal = await forgedSelfRemove(member.guest.crypto, member.joined());
  assert.equal((await member.propose(proposal)).status, 200);
  return proposal;
}

/** A member that has read the log says so, when it is asked. */
export async function acknowledge(app: TestApp, member: ApiMember): Promise<void> {
  const stream = await AppStream.follow(app, member);
  await stream.acknowledge();
  stream.hangUp();
}

/** The cursors of the room's provisional events, as they are stored. */
export async function provisionalCursors({ store }: TestApp, { room }: ApiMember): Promise<number[]> {
  const rows = await store
    .selectFrom("provisional_events as provisional")
    .innerJoin("rooms", "rooms.id", "provisional.room_id")
    .select("cursor")
    .where("room_uri", "=", room)
    .orderBy("cursor")
    .execute();
  return rows.map(({ cursor }) => cursor);
}

/** How many epochs of the room's group are stored. */
export async function storedEpochs({ store }: TestApp, { room }: ApiMember): Promise<number> {
  const rows = await store
    .selectFrom("group_states as state")
    .innerJoin("rooms", "rooms.id", "state.room_id")
    .select("state.epoch")
    .where("room_uri", "=", room)
    .execute();
  return rows.length;
}

/** All that is stored of a room and goes to its members; the rows' own numbers aside. */
export async function contentsOf({ store }: TestApp, { room }: ApiMember): Promise<unknown> {
  const stored = await store.selectFrom("rooms").selectAll().where("room_uri", "=", room).executeTakeFirstOrThrow();
  const { id } = stored;
  const events = await store.selectFrom("events").selectAll().where("room_id", "=", id).orderBy("cursor").execute();
  const seats = await store.selectFrom("seats").selectAll().where("room_id", "=", id).orderBy("id").execute();
  const proposals = await store
    .selectFrom("proposals")
    .selectAll()
    .where("room_id", "=", id)
    .orderBy("leaf_index")
    .execute();
  const groups = await store
    .selectFrom("group_states")
    .selectAll()
    .where("room_id", "=", id)
    .orderBy("epoch")
    .execute();
  const provisional = await store
    .selectFrom("provisional_events")
    .selectAll()
    .where("room_id", "=", id)
    .orderBy("cursor")
    .execute();
  return { stored, groups, events, seats, proposals, provisional };
}
