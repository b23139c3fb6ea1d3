import type { Generated, Kysely } from "kysely";

/** The provider's database. Times are milliseconds since 1970; epochs and cursors stay below 2^53. */
export interface Schema {
  hub: HubTable;
  clients: ClientTable;
  tokens: TokenTable;
  rooms: RoomTable;
  group_states: GroupStateTable;
  seats: SeatTable;
  events: EventTable;
  proposals: ProposalTable;
  key_packages: KeyPackageTable;
  provisional_events: ProvisionalEventTable;
  bars: BarTable;
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
  /** Both are null while the room has no group. */
  group_id: Uint8Array | null;
  epoch: number | null;
}

/** A room's group in one epoch: the current one, or one that a provisional event is of. */
export interface GroupStateTable {
  room_id: number;
  epoch: number;
  public_group: Uint8Array;
  group_info: Uint8Array;
  ratchet_tree: Uint8Array;
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
  /** Of a commit, what is published for the epoch that it begins; empty for anything else, and in rows of older versions. */
  external_pub: Uint8Array;
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

/** A commit or proposal that no member has taken yet, and what stood before it: the group of that epoch is kept as well. */
export interface ProvisionalEventTable {
  room_id: number;
  cursor: number;
  /** Its author. */
  client_uri: string;
  user_uri: string;
  /** Who may speak for it, with their leaf keys in its epoch. */
  speakers: Uint8Array;
  /** The room's seats that were made later have a larger ID. */
  last_seat: number;
  /** The proposals that waited. */
  proposals: Uint8Array;
  /** The room's columns of these names. */
  policy: Uint8Array;
  epoch: number;
}

/** A user whose commits and proposals a room does not take for a while. */
export interface BarTable {
  room_id: number;
  user_uri: string;
  until: number;
}
