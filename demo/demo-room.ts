import { fromBase64Url, toBase64Url } from "../src/codec/bytes.js";
import { newGroupId } from "../src/codec/group-id.js";
import { createRoomRequest } from "../src/codec/hub-messages.js";
import { roomUri } from "../src/codec/mimi-uri.js";
import { type RoomPolicy, roomPolicy } from "../src/codec/room-policy.js";
import { encode } from "../src/codec/tls.js";
import { createGroup } from "../src/mls/group.js";
import { makeGroupInfo } from "../src/mls/group-info.js";
import { generateUserKey } from "../src/mls/signing.js";
import { presets } from "../src/policy/presets.js";
import { ok, readDirectory, registerGuest } from "./guest.js";
import type { DemoInput } from "./preset-rooms.js";

/** What a demo's room is made of. */
export interface DemoRoom {
  readonly roomId: string;
  readonly name: string;
  /** Whose policy it has; an event's unless given. */
  readonly policy?: (input: DemoInput) => RoomPolicy;
  /** The owner's user key: PKCS #8, base64url. Whoever has it is the owner. */
  readonly userKey: string;
}

/** A new owner's user key: PKCS #8, base64url. */
export async function newOwnerKey(): Promise<string> {
  const { privateKey } = await generateUserKey(true);
  return toBase64Url(new Uint8Array(await crypto.subtle.exportKey("pkcs8", privateKey)));
}

/** The URI of a room at a provider, which is made unless it is there. */
export async function ensureDemoRoom(provider: string, demo: DemoRoom): Promise<string> {
  const { domain } = await readDirectory(provider);
  const known = await fetch(`${provider}/v1/rooms/${encodeURIComponent(demo.roomId)}`);
  if (known.status === 404) return await createDemoRoom(provider, demo);
  ok(known);
  return roomUri(domain, demo.roomId);
}

/** Makes a room: persistent, and without a group, so that the first visitor starts one. Resolves with its URI. */
export async function createDemoRoom(
  provider: string,
  { roomId, name, userKey, policy = presets.event }: DemoRoom,
): Promise<string> {
  const owner = await registerGuest(provider, await keyPairOf(userKey), "Organiser");
  const { domain, hubSender } = owner.directory;
  const room = roomUri(domain, roomId);
  const group = await createGroup(owner.crypto, {
    groupId: newGroupId(room, crypto.getRandomValues(new Uint8Array(16))),
    identity: owner.identity,
    roomPolicy: encode(roomPolicy, policy({ name, owner: owner.userUri, hub: hubSender.uri, domain })),
    externalSenders: [hubSender],
  });
  const first = await makeGroupInfo(owner.crypto, group);
  ok(await owner.request("POST", "/v1/rooms", encode(createRoomRequest, { ...first, origins: [] })));
  ok(await owner.request("DELETE", `/v1/rooms/${encodeURIComponent(roomId)}/group`));
  return room;
}

async function keyPairOf(userKey: string): Promise<CryptoKeyPair> {
  const privateKey = await crypto.subtle.importKey("pkcs8", fromBase64Url(userKey), "Ed25519", true, ["sign"]);
  // WebCrypto derives the public half only on the way through a JWK
  const { kty, crv, x } = await crypto.subtle.exportKey("jwk", privateKey);
  if (kty === undefined || crv === undefined || x === undefined) throw new Error("not an Ed25519 key");
  const publicKey = await crypto.subtle.importKey("jwk", { kty, crv, x }, "Ed25519", true, ["verify"]);
  return { privateKey, publicKey };
}
