import type { OrganiserApi } from "../src/client/contract.js";
import type { RoomClient } from "../src/client/room-client.js";

/**
 * What `<mimi-room>` needs of a room: a {@link RoomClient}, or anything that behaves like one. Its `mimi-state` and
 * `mimi-timeline` events say that `state` or `entries` is a new snapshot.
 */
export type RoomSource = Pick<
  RoomClient,
  | "state"
  | "entries"
  | "hasOlder"
  | "join"
  | "send"
  | "retry"
  | "discard"
  | "leave"
  | "rename"
  | "reconnect"
  | "accept"
  | keyof OrganiserApi
  | "loadOlder"
  | "addEventListener"
>;
