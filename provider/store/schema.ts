import type { Generated, Kysely } from "kysely";

/** The provider's database. Times are milliseconds since 1970; epochs and cursors stay below 2^53. */
export interface Schema {
  hub: HubTable;
  clients: ClientTable;
  tokens: TokenTable;
  rooms: RoomTable;
  seats: SeatTable;
  events: EventTable;
  proposals: ProposalTable;
  key_packages: KeyPackageTable;
}

/** The open database. */
export type Store = Kysely<Schema>;

/** One row: who this provider is. */
export interface HubTable {
  id: number;
  domain: string;
  /** PKCS #8. */
  private_key: Uint8Array;
  public_key: Uint8Array;
}

export interface ClientTable {
  client_uri: string;
  user_uri: string;
  user_key: Uint8Array;
  signature_key: Uint8Array;
  created_at: number;
}

export interface TokenTable {
  /** SHA-256 of the token; the token itself is never written. */
  token_hash: Uint8Array;
  client_uri: string;
  expires_at: number;
}

export interface RoomTable {
  id: Generated<number>;
  room_uri: string;
  /** JSON list; empty: any origin. */
  origins: string;
  /** TLS-encoded RoomPolicy as retained: that of the current or the last group. */
  policy: Uint8Array;
  last_cursor: number;
  /** SHA-256 of the request that started the current or the last group: a repeated one is answered by it. */
  start_hash: Uint8Array;
  start_cursor: number;
  created_at: number;
  /** The five below are null while the room has no group. */
  group_id: Uint8Array | null;
  epoch: number | null;
  public_group: Uint8Array | null;
  group_info: Uint8Array | null;
  ratchet_tree: Uint8Array | null;
}

/** A client's place in a room: from the event that seated it to the one that removed it, both included. */
export interface SeatTable {
  id: Generated<number>;
  room_id: number;
  client_uri: string;
  from_cursor: number;
  to_cursor: number | null;
}

export interface EventTable {
  room_id: number;
  cursor: number;
  accepted_at: number;
  /** The epoch that a commit leads to, or that a message or proposal belongs to. */
  epoch: number;
  /** SHA-256 of the message. */
  message_hash: Uint8Array;
  message: Uint8Array;
}

/** A proposal of the current epoch that no commit has carried yet. */
export interface ProposalTable {
  room_id: number;
  leaf_index: number;
  accepted_at: number;
  message: Uint8Array;
}

/** A KeyPackage that a client has published and nobody has used. */
export interface KeyPackageTable {
  client_uri: string;
  /** KeyPackageRef (RFC 9420, 5.2). */
  reference: Uint8Array;
  /** 1: kept when it is used. A client has one of them. */
  last_resort: number;
  not_after: number;
  /** MLSMessage. */
  message: Uint8Array;
}
