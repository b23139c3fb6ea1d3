import { decodePublicGroup, viewPublicGroup } from "../../src/mls/public-group.js";
import { Refusal } from "../refusal.js";
import { barsOf } from "../store/bars.js";
import { provisionalEvents } from "../store/provisional-events.js";
import { findRoom, pendingProposals, type StoredRoom } from "../store/rooms.js";
import type { Store } from "../store/schema.js";
import { KeyedLock } from "./keyed-lock.js";
import { type LiveRoom, liveGroup, withGroup } from "./live-room.js";

/** The rooms that are in use, in memory; the others wait in the store. The least recently used goes first. */
export class LiveRooms {
  readonly #rooms = new Map<string, LiveRoom>();
  readonly #lock = new KeyedLock();
  readonly #store: Store;
  readonly #hubUri: string;
  readonly #most: number;

  constructor(store: Store, hubUri: string, most: number) {
    this.#store = store;
    this.#hubUri = hubUri;
    this.#most = most;
  }

  /** The room as it is now, for reading. */
  async find(uri: string): Promise<LiveRoom | undefined> {
    const live = this.#rooms.get(uri);
    if (live === undefined) return await this.#lock.run(uri, () => this.#load(uri));
    this.#rooms.delete(uri);
    this.#rooms.set(uri, live);
    return live;
  }

  /** The room as it is now. Throws Refusal when there is none. */
  async get(uri: string): Promise<LiveRoom> {
    return (await this.find(uri)) ?? noSuchRoom();
  }

  /**
   * Runs `step` with the room, alone: the next step on this room waits. What a step has made durable it hands to `keep`
   * before it tells anybody. After a failure that is no refusal the room is read from the store anew.
   */
  async change<T>(uri: string, step: (room: LiveRoom | undefined) => Promise<T>): Promise<T> {
    return await this.#lock.run(uri, async () => {
      try {
        return await step(await this.#load(uri));
      } catch (error) {
        if (!(error instanceof Refusal)) this.#rooms.delete(uri);
        throw error;
      }
    });
  }

  /** As {@link change}, for a room that has to be there. */
  async changeExisting<T>(uri: string, step: (room: LiveRoom) => Promise<T>): Promise<T> {
    return await this.change(uri, async (room) => await step(room ?? noSuchRoom()));
  }

  /** Replaces a room by what the store holds of it now. Only within {@link change}. */
  keep(room: LiveRoom): void {
    this.#rooms.delete(room.uri);
    this.#rooms.set(room.uri, room);
    for (const uri of this.#rooms.keys()) {
      if (this.#rooms.size <= this.#most) return;
      this.#rooms.delete(uri);
    }
  }

  /** Lets go of a room that the store no longer has, or has otherwise now. Only within {@link change}. */
  drop(uri: string): void {
    this.#rooms.delete(uri);
  }

  async #load(uri: string): Promise<LiveRoom | undefined> {
    const live = this.#rooms.get(uri);
    if (live !== undefined) return live;
    const stored = await findRoom(this.#store, uri);
    if (stored === undefined) return undefined;
    const room = await this.#revive(stored);
    this.keep(room);
    return room;
  }

  async #revive(stored: StoredRoom): Promise<LiveRoom> {
    const { id, uri, origins, lastCursor, startHash, startCursor, policy, group } = stored;
    const provisional = await provisionalEvents(this.#store, id);
    const bars = await barsOf(this.#store, id);
    const base = { id, uri, origins, lastCursor, startHash, startCursor, provisional, bars };
    if (group === undefined) return withGroup(base, policy, undefined, this.#hubUri);
    const publicGroup = decodePublicGroup(group.publicGroup);
    const live = liveGroup({
      publicGroup,
      view: viewPublicGroup(publicGroup),
      groupInfo: group.groupInfo,
      ratchetTree: group.ratchetTree,
      pending: await pendingProposals(this.#store, id),
    });
    return withGroup(base, policy, live, this.#hubUri);
  }
}

function noSuchRoom(): never {
  throw new Refusal("noSuchRoom", "no such room here");
}
