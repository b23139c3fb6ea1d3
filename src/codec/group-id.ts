import { canonicalMimiUri, roomIdOf } from "./mimi-uri.js";
import { decode, encode, type Infer, opaqueFixed, struct, text } from "./tls.js";

/**
 *     struct { Uri room; opaque instance[16]; } RoomGroupId;
 *
 * The MLS group ID of a room's group. It binds the room, so that a hub cannot show the group of one room as another's;
 * `instance` tells the groups apart that a persistent room has one after the other.
 */
export const groupIdCodec = struct({ room: text, instance: opaqueFixed(16) });
export type RoomGroupId = Infer<typeof groupIdCodec>;

/** A group ID for `room` (any spelling). `random16`: 16 random octets. */
export function newGroupId(room: string, random16: Uint8Array): Uint8Array<ArrayBuffer> {
  roomIdOf(room);
  return encode(groupIdCodec, { room: canonicalMimiUri(room), instance: random16 });
}

/** The canonical URI of the room whose group this is. Throws CodecError when the group ID is of another form. */
export function roomOfGroupId(groupId: Uint8Array): string {
  const { room } = decode(groupIdCodec, groupId);
  roomIdOf(room);
  return canonicalMimiUri(room);
}
