import type { Acceptance } from "../codec/leaf-extensions.js";
import type { ChangeEffect, OrganiserApi } from "./organiser-api.js";

export type { Acceptance } from "../codec/leaf-extensions.js";

/**
 * The contract between a page and the worker that runs the room engine. Plain data only: it crosses messages from the
 * page to its worker, and a BroadcastChannel from a following tab to the leading one.
 */
export interface EngineApi extends OrganiserApi {
  /**
   * Opens this browser's seat in a room: resumes it when there is one, else fetches the preview. Resolves with the
   * state reached; later states arrive through {@link subscribe}. A repeated call returns the present state.
   */
  open(address: RoomAddress): Promise<RoomState>;

  /** Takes a seat (External Commit; or the first group of a persistent room). Resolves when joined. */
  join(nickname: string): Promise<void>;

  /** Puts a message into the outbox; resolves with its message ID (hex) once it is on disk, before it is sent. */
  send(draft: Draft): Promise<string>;

  /** Sends a failed message again: same content, same message ID. */
  retry(messageId: string): Promise<void>;

  /** Takes a failed or waiting message out of the outbox. */
  discard(messageId: string): Promise<void>;

  /** Leaves: SelfRemove where others can commit it, else closes the group. The keys of this seat are deleted. */
  leave(): Promise<void>;

  /** Tries again at once what waits for the network or failed: preview, join, connection, outbox. */
  reconnect(): Promise<void>;

  /** Calls the room by another name, 1 to 200 characters. Resolves when everybody inside agrees on it. */
  rename(name: string): Promise<void>;

  /**
   * Says what the person accepts of rooms; kept in this browser, also over leaving. It is asked before joining, and of every
   * change: a room that is not acceptable any more is left. Throws `notAccepted` when the room that one is in is not.
   */
  accept(acceptance: Acceptance): Promise<void>;

  /** Entries before `before` (exclusive), oldest first, at most `limit`; fewer when history begins. */
  older(before: number, limit: number): Promise<TimelineEntry[]>;

  /** Makes a room at a provider and takes the owner's seat in it. Resolves with the room's URI. */
  create(room: NewRoom): Promise<string>;

  /** The user key of this seat under a passphrase: a JSON document to keep. Only for seats made by create or restore. */
  recoveryKit(passphrase: string): Promise<string>;

  /** Takes over the user key of a recovery kit, so that this browser joins as that user. */
  restore(kit: string, passphrase: string): Promise<void>;

  /** Calls `listener` with every later event, in order. Resolves with a number for {@link unsubscribe}. */
  subscribe(listener: (event: EngineEvent) => void): Promise<number>;
  unsubscribe(subscription: number): Promise<void>;
}

/** Where a room is. */
export interface RoomAddress {
  /** The provider's base URL, without a trailing slash: `https://provider.example`. */
  readonly provider: string;
  /** `mimi://domain/r/room`, or the seed form `im:mimi=#room@domain`. */
  readonly room: string;
  /**
   * The user key of an organiser's address (PKCS #8, base64url), from the address's fragment: this browser joins as
   * that user. Ignored when the seat exists already.
   */
  readonly userKey?: string;
}

export interface NewRoom {
  readonly provider: string;
  /** What the room is called; 1 to 200 characters. */
  readonly name: string;
  readonly preset: PresetName;
  readonly nickname: string;
  /** Origins whose pages may embed the room (`https://site.example`); empty for any. */
  readonly origins: readonly string[];
}

/** `event`: open, persistent, guests welcome. `announcement`: the same, and only those with voice may write. */
export type PresetName = "event" | "announcement";

export interface Draft {
  readonly text: string;
  readonly format: "plain" | "markdown";
  /**
   * 16 random octets in base64url, made by whoever calls, so that a call that is repeated after a leading tab died is
   * the same message with the same ID. Made by the engine when absent.
   */
  readonly salt?: string;
}

/** A state is whole: a page renders it and forgets the one before. */
export interface RoomState {
  /**
   * `loading`: nothing known yet. `preview`: what a stranger may know is known; nickname is asked. `joining`: a join
   * is under way. `joined`: in the room (see {@link connection}). `left`: left or removed; the timeline stays to be
   * read until the page goes. `notAllowed`: policy says no, see {@link problem}. `failed`: see {@link problem}.
   */
  readonly phase: "loading" | "preview" | "joining" | "joined" | "left" | "notAllowed" | "failed";
  readonly connection: "online" | "connecting" | "offline";
  readonly room: string;
  readonly provider: string;
  readonly preview?: RoomPreview;
  /** Present when joined, and when a seat is remembered. */
  readonly me?: Me;
  /** The nickname last used here, to be offered when it is asked again. */
  readonly suggestedNickname?: string;
  /** What the person accepts of rooms, see {@link EngineApi.accept}: everything when absent. */
  readonly acceptance?: Acceptance;
  /** One entry a user, in the order of their first leaf; empty before joining. */
  readonly occupants: readonly Occupant[];
  /** What two people inside compare: the same for all who see one room. Present when joined. */
  readonly fingerprint?: Fingerprint;
  /** Another for every policy: what depends on the policy is asked for anew when it changes. Present when joined. */
  readonly policyMark?: string;
  readonly problem?: Problem;
}

/** Names the group in one epoch: it is another with every commit, and another for each half of a room that the hub forked. */
export interface Fingerprint {
  /** Only those of one epoch can be compared. */
  readonly epoch: number;
  /** Six groups of five digits, with spaces between. */
  readonly digits: string;
}

export interface RoomPreview {
  readonly name: string;
  /** The provider's domain. */
  readonly host: string;
  /** How many users are inside. */
  readonly occupantCount: number;
  /** What the policy means for a visitor, most important first. */
  readonly facts: readonly PolicyFact[];
}

/** One statement about the room that the element puts into the visitor's language. */
export type PolicyFact =
  | { readonly kind: "endToEndEncrypted" }
  /** Only whom the policy lists comes in for now, and who has not been given voice is silent. */
  | { readonly kind: "lockedDown" }
  | { readonly kind: "anyoneMayJoin" }
  | { readonly kind: "membersOnly" }
  /** Nobody is ever added to those who are listed. */
  | { readonly kind: "fixedMembership" }
  /** Only occupants of another room, which the policy names, may come in. */
  | { readonly kind: "partOfAnotherRoom"; readonly room: string }
  | { readonly kind: "knockToJoin" }
  | { readonly kind: "password" }
  /** The policy holds a link for whoever comes by it. */
  | { readonly kind: "publicLink" }
  | { readonly kind: "discoverable" }
  | { readonly kind: "moderated" }
  | { readonly kind: "pseudonyms" }
  | { readonly kind: "singleDevice" }
  | { readonly kind: "deliveryNotificationsRequired" }
  | { readonly kind: "readReceiptsRequired" }
  | { readonly kind: "noHistoryForNewcomers" }
  | { readonly kind: "historyShared"; readonly seconds: number }
  | { readonly kind: "logged"; readonly by: readonly string[]; readonly policy: string }
  | { readonly kind: "notLogged" }
  | { readonly kind: "persistent" }
  | { readonly kind: "bots"; readonly names: readonly string[] };

export interface Me {
  readonly userUri: string;
  readonly nickname: string;
  readonly role: RoleName;
  /** Whether this user may write now; the rule that denies it otherwise. */
  readonly maySend: { readonly allowed: true } | { readonly allowed: false; readonly rule: string };
  /** Whether policy lets this user call {@link EngineApi.rename}. */
  readonly mayRename: boolean;
  /** Whether this user is an owner or admin: for whom {@link OrganiserApi} is. */
  readonly mayModerate: boolean;
  /** Whether {@link EngineApi.recoveryKit} has something to give. */
  readonly recoverable: boolean;
}

export type RoleName = "system" | "owner" | "admin" | "regular_user" | "visitor" | "banned";

export interface Occupant {
  readonly userUri: string;
  readonly nickname: string;
  readonly role: RoleName;
  readonly own: boolean;
  /** How many clients (devices) of the user are in the room. */
  readonly clients: number;
}

/** Why something did not happen. `code` is stable; the element has a sentence for each; `detail` is for developers. */
export interface Problem {
  readonly code: ProblemCode;
  readonly rule?: string;
  readonly detail?: string;
  /** Who did it, of `removed` and `banned`, where that is known. */
  readonly by?: Person;
  /** Whether trying again can help. */
  readonly retry: boolean;
}

/** A user as a line or a problem names it. */
export interface Person {
  readonly userUri: string;
  readonly nickname: string;
}

export type ProblemCode =
  | "unreachable"
  | "noSuchRoom"
  | "roomLost"
  | "newcomers"
  | "originNotAllowed"
  | "notAllowed"
  /** The person does not accept the room's policy, by `rule`, see {@link EngineApi.accept}. */
  | "notAccepted"
  | "banned"
  | "removed"
  | "rateLimited"
  | "roomFull"
  | "policyChanged"
  | "unsupportedBrowser"
  | "insecureContext"
  | "workerBlocked"
  | "storageUnavailable"
  | "storageFull"
  | "storageCleared"
  | "superseded"
  | "outdated"
  | "invalidAddress"
  | "invalidNickname"
  | "invalidRoomName"
  | "invalidKit"
  | "tooLarge"
  | "providerFault"
  | "outOfSync"
  | "internal";

/** A line of the timeline. `order` sorts it: the hub's cursor, or above every cursor while it waits. */
export interface TimelineEntry {
  /** Message ID in hex; notices begin with `notice-`. */
  readonly id: string;
  readonly order: number;
  readonly sender: { readonly userUri: string; readonly nickname: string; readonly own: boolean };
  /** Milliseconds since 1970: accepted by the hub, or typed here while it waits. */
  readonly time: number;
  readonly content:
    | { readonly kind: "text"; readonly text: string; readonly format: "plain" | "markdown" }
    | { readonly kind: "unsupported"; readonly contentType: string }
    /** The host went back to an earlier copy of the room. */
    | { readonly kind: "restored" }
    /** The host did not show the sender the same as is shown here. */
    | { readonly kind: "diverged" }
    | { readonly kind: "joined" | "left" }
    /** The sender was taken out, by whom where that is known; `banned`: it may not come back. */
    | { readonly kind: "removed"; readonly by?: Person; readonly banned?: true }
    /** The sender has another role, voice included. */
    | { readonly kind: "roleChanged"; readonly from: RoleName; readonly to: RoleName; readonly by: Person }
    /** The sender changed the rules: what a visitor is told of the room, before and after. */
    | { readonly kind: "policyChanged"; readonly effects: readonly Extract<ChangeEffect, { kind: "fact" }>[] }
    /** The sender tried what the policy forbids, by this rule, and the host let it pass: it was not followed, kept or shown. */
    | { readonly kind: "refused"; readonly what: "commit" | "proposal" | "message"; readonly rule: string }
    /** The sender calls the room so; "" when it has no name any more. */
    | { readonly kind: "renamed"; readonly name: string };
  /** `waiting` for the network, `sending`, `sent` (acknowledged), `failed` (see problem; retry or discard). */
  readonly status: "waiting" | "sending" | "sent" | "failed";
  readonly problem?: Problem;
}

export type EngineEvent =
  | { readonly type: "state"; readonly state: RoomState }
  /** Entries added or changed (same id), and ids taken away. */
  | { readonly type: "timeline"; readonly entries: readonly TimelineEntry[]; readonly gone: readonly string[] };

/**
 * What a call came to. An exception loses its fields on the way between threads and tabs, so a refusal crosses them as
 * data and becomes an exception again where it is read.
 */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };
