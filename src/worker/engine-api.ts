/**
 * The contract between a page and the worker that runs the room engine. Plain data only: it crosses messages from the
 * page to its worker, and a BroadcastChannel from a following tab to the leading one.
 */
export interface EngineApi {
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
  /** One entry a user, in the order of their first leaf; empty before joining. */
  readonly occupants: readonly Occupant[];
  readonly problem?: Problem;
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
  | { readonly kind: "anyoneMayJoin" }
  | { readonly kind: "membersOnly" }
  | { readonly kind: "knockToJoin" }
  | { readonly kind: "moderated" }
  | { readonly kind: "pseudonyms" }
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
  /** Whether trying again can help. */
  readonly retry: boolean;
}

export type ProblemCode =
  | "unreachable"
  | "noSuchRoom"
  | "roomLost"
  | "newcomers"
  | "originNotAllowed"
  | "notAllowed"
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
    | { readonly kind: "joined" | "left" | "removed" }
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

/** What a page asks of its worker: {@link EngineApi}, and what only a page can know. Events come unasked. */
export interface PageApi extends Omit<EngineApi, "subscribe" | "unsubscribe"> {
  /** The page may be frozen from now on: the socket is closed, the lock kept. */
  pageHidden(): Promise<void>;
  /** The page is back: what was missed is fetched. */
  pageShown(): Promise<void>;
}

export type PageCallName = keyof PageApi;
export type PageCallParameters<Name extends PageCallName> = Parameters<PageApi[Name]>;
export type PageCallResult<Name extends PageCallName> = Awaited<ReturnType<PageApi[Name]>>;

/** A call on its way from a page to its worker. */
export interface PageCall<Name extends PageCallName = PageCallName> {
  /** Unique in the page's connection. */
  readonly id: number;
  readonly name: Name;
  readonly parameters: PageCallParameters<Name>;
}

/** What a worker tells its page: all on one port, so that what a call did is told before the call resolves. */
export type WorkerMessage =
  /** The script runs: a blocked worker never says so. */
  | { readonly kind: "ready" }
  | { readonly kind: "answer"; readonly id: number; readonly outcome: Outcome<PageCallResult<PageCallName>> }
  | { readonly kind: "event"; readonly event: EngineEvent };
