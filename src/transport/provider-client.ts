import { fromBase64Url, fromHex, toBase64Url } from "../codec/bytes.js";
import {
  type CreateRoomRequest,
  createRoomRequest,
  type EventPage,
  eventPage,
  type GroupInfoResponse,
  groupInfoRequest,
  groupInfoResponse,
  type StartGroupRequest,
  startGroupRequest,
} from "../codec/hub-messages.js";
import { roomIdOf } from "../codec/mimi-uri.js";
import { decode, encode } from "../codec/tls.js";
import type { Clock, Fetch } from "./ports.js";
import { Unreachable } from "./provider-refusal.js";
import { type Answer, type RequestOptions, request } from "./request.js";

/** A provider's directory, as far as a client needs it. */
export interface ProviderDirectory {
  readonly domain: string;
  /** The hub's system user: what `external_senders` of a new room's group names. */
  readonly hubSender: { readonly uri: string; readonly signatureKey: Uint8Array };
}

/** Octets to be signed, good once. */
export interface Challenge {
  readonly challenge: Uint8Array;
  readonly expiresAt: number;
}

export interface Registration {
  readonly clientUri: string;
  readonly userKey: Uint8Array;
  readonly signatureKey: Uint8Array;
  readonly binding: Uint8Array;
  readonly challenge: Uint8Array;
  readonly proof: Uint8Array;
}

export interface AccessToken {
  readonly token: string;
  readonly expiresAt: number;
}

/** What a stranger may know of a room. */
export interface RoomSummary {
  readonly room: string;
  readonly occupantCount: number;
  /** TLS-encoded RoomPolicy. */
  readonly policy: Uint8Array;
  readonly hasGroup: boolean;
}

/** KeyPackages of a client that its provider has. */
export interface PublishedKeyPackages {
  /** Without the last resort. */
  readonly count: number;
  readonly references: readonly Uint8Array[];
}

/** What became of an event that a member refused: the hub went back before it, or another member follows it. */
export type RefusalOutcome = "rolledBack" | "acknowledged";

/** Where the hub put something in the room's order, and when (milliseconds since 1970). */
export interface Accepted {
  readonly cursor: number;
  readonly acceptedTimestamp: number;
}

/**
 * Every route of docs/provider-api.md that a client uses. Each call is one request and throws ProviderRefusal when the
 * provider says no, Unreachable when no answer came, CodecError when a binary answer is malformed.
 */
export interface ProviderClient {
  directory(): Promise<ProviderDirectory>;
  challenge(): Promise<Challenge>;
  register(registration: Registration): Promise<AccessToken>;
  keyPackages(token: string): Promise<PublishedKeyPackages>;
  /** `body`: a KeyPackageUpload. */
  publishKeyPackages(token: string, body: Uint8Array): Promise<PublishedKeyPackages>;
  room(room: string): Promise<RoomSummary>;
  createRoom(token: string, body: Uint8Array): Promise<{ readonly room: string; readonly cursor: number }>;
  setOrigins(token: string, room: string, origins: readonly string[]): Promise<void>;
  groupInfo(token: string, room: string): Promise<GroupInfoResponse>;
  startGroup(token: string, room: string, body: Uint8Array): Promise<{ readonly cursor: number }>;
  closeGroup(token: string, room: string): Promise<void>;
  update(token: string, room: string, body: Uint8Array): Promise<Accepted>;
  submitMessage(token: string, room: string, body: Uint8Array): Promise<Accepted>;
  /** `body`: an EventRefusal. The provider answers when it is decided, a few seconds later. */
  refuseEvent(token: string, room: string, body: Uint8Array): Promise<RefusalOutcome>;
  /** `hash`: SHA-256 in hex of the MLSMessage at `after`, as it was read; "" when there was none, or it is not known. */
  events(token: string, room: string, after: number, limit: number, hash?: string): Promise<EventPage>;
}

/** The client of one provider. `provider` is its base URL without a trailing slash. */
export function createProviderClient(options: {
  readonly provider: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
}): ProviderClient {
  const send = (fields: RequestOptions): Promise<Answer> => request(options, fields);
  const roomPath = (room: string, rest = "") => `/v1/rooms/${encodeURIComponent(roomIdOf(room))}${rest}`;

  const accepted = async (token: string, path: string, body: Uint8Array): Promise<Accepted> => {
    const json = (await send({ method: "POST", path, token, body })).json();
    return { cursor: json.number("cursor"), acceptedTimestamp: json.number("acceptedTimestamp") };
  };

  const published = async (
    fields: Pick<RequestOptions, "method" | "token" | "body">,
  ): Promise<PublishedKeyPackages> => {
    const json = (await send({ ...fields, path: "/v1/keyPackages" })).json();
    return { count: json.number("count"), references: json.texts("references").map(octets) };
  };

  return {
    async directory() {
      const json = (await send({ method: "GET", path: "/.well-known/mimi-protocol-directory" })).json();
      const hub = json.object("hubSender");
      return {
        domain: json.text("domain"),
        hubSender: { uri: hub.text("uri"), signatureKey: octets(hub.text("signatureKey")) },
      };
    },

    async challenge() {
      const json = (await send({ method: "POST", path: "/v1/challenges" })).json();
      return { challenge: octets(json.text("challenge")), expiresAt: json.number("expiresAt") };
    },

    async register({ clientUri, ...keys }) {
      const body = {
        clientUri,
        userKey: toBase64Url(keys.userKey),
        signatureKey: toBase64Url(keys.signatureKey),
        binding: toBase64Url(keys.binding),
        challenge: toBase64Url(keys.challenge),
        proof: toBase64Url(keys.proof),
      };
      const json = (await send({ method: "POST", path: "/v1/clients", body })).json();
      return { token: json.text("token"), expiresAt: json.number("expiresAt") };
    },

    keyPackages: (token) => published({ method: "GET", token }),

    publishKeyPackages: (token, body) => published({ method: "PUT", token, body }),

    async room(room) {
      const json = (await send({ method: "GET", path: roomPath(room) })).json();
      return {
        room: json.text("room"),
        occupantCount: json.number("occupantCount"),
        policy: octets(json.text("policy")),
        hasGroup: json.boolean("hasGroup"),
      };
    },

    async createRoom(token, body) {
      const json = (await send({ method: "POST", path: "/v1/rooms", token, body })).json();
      return { room: json.text("room"), cursor: json.number("cursor") };
    },

    async setOrigins(token, room, origins) {
      (await send({ method: "PUT", path: roomPath(room, "/origins"), token, body: { origins } })).nothing();
    },

    async groupInfo(token, room) {
      const body = encode(groupInfoRequest, { protocol: "mls10", joiningCode: new Uint8Array() });
      const answer = await send({ method: "POST", path: roomPath(room, "/groupInfo"), token, body });
      return decode(groupInfoResponse, answer.bytes);
    },

    async startGroup(token, room, body) {
      const json = (await send({ method: "POST", path: roomPath(room, "/group"), token, body })).json();
      return { cursor: json.number("cursor") };
    },

    async closeGroup(token, room) {
      (await send({ method: "DELETE", path: roomPath(room, "/group"), token })).nothing();
    },

    update: (token, room, body) => accepted(token, roomPath(room, "/update"), body),

    submitMessage: (token, room, body) => accepted(token, roomPath(room, "/submitMessage"), body),

    async refuseEvent(token, room, body) {
      const json = (await send({ method: "POST", path: roomPath(room, "/refuseEvent"), token, body })).json();
      const outcome = json.text("outcome");
      if (outcome !== "rolledBack" && outcome !== "acknowledged") throw new Unreachable(`Not an outcome: ${outcome}.`);
      return outcome;
    },

    async events(token, room, after, limit, hash = "") {
      const path = roomPath(room, `/events?after=${after}&hash=${toBase64Url(fromHex(hash))}&limit=${limit}`);
      return decode(eventPage, (await send({ method: "GET", path, token })).bytes);
    },
  };
}

/** The body of {@link ProviderClient.createRoom}. */
export function createRoomBody(room: CreateRoomRequest): Uint8Array {
  return encode(createRoomRequest, room);
}

/** The body of {@link ProviderClient.startGroup}. */
export function startGroupBody(group: StartGroupRequest): Uint8Array {
  return encode(startGroupRequest, group);
}

function octets(text: string): Uint8Array {
  try {
    return fromBase64Url(text);
  } catch {
    throw new Unreachable("Not what a provider answers: base64url expected.");
  }
}
