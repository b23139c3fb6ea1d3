import "./define.js";

export { RoomClient } from "../src/client/room-client.js";
export * from "./events.js";
export { MimiJoinLink } from "./mimi-join-link/mimi-join-link.js";
export { MimiKnock } from "./mimi-knock/mimi-knock.js";
export { MimiRoom } from "./mimi-room/mimi-room.js";
export type { RoomSource } from "./room-source.js";
export type { Strings } from "./strings.js";
export { version } from "./version.js";
