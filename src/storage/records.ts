import type { Acceptance } from "../codec/leaf-extensions.js";
import type { Role } from "../codec/room-policy.js";

/** What one seat keeps on disk. Plain data and CryptoKeys: whatever the structured clone algorithm carries. */

/** Who this browser is in the room. */
export interface IdentityRecord {
  readonly clientUri: string;
  readonly userUri: string;
  readonly nickname: string;
  readonly userKeyPair: CryptoKeyPair;
  /** The user key's public half, 32 octets. */
  readonly userKey: Uint8Array;
  /** The leaf's key; its private half never leaves the browser's key store. */
  readonly signatureKeyPair: CryptoKeyPair;
  /** Whether the user key may be exported into a recovery kit. */
  readonly recoverable: boolean;
  readonly token?: { readonly token: string; readonly expiresAt: number };
}

/** What an own commit under way is for. */
export type PendingPurpose = "createRoom" | "startGroup" | "join" | "commitProposals" | "changePolicy";

/** An own change of the group that the hub has not settled: stored before it is sent. */
export interface PendingRecord {
  readonly purpose: PendingPurpose;
  /** The body of the request, sent again as it is until there is an answer. */
  readonly body: Uint8Array;
  /** SHA-256 of the commit's MLSMessage in hex: what the event log is searched for. Empty where no event tells of it. */
  readonly hash: string;
  /** The encoded group after it. */
  readonly next: Uint8Array;
}

export interface GroupRecord {
  /** The encoded group; absent while the first one is pending. */
  readonly group?: Uint8Array | undefined;
  /** How many of its first octets only a commit changes: they are not written with every message. */
  readonly publicLength?: number | undefined;
  readonly pending?: PendingRecord | undefined;
  /** Proposals of this epoch that policy allows, as MLSMessages. */
  readonly proposals: readonly Uint8Array[];
  /** And those that it forbids: nobody commits them, but who does is to be judged by them. */
  readonly forbidden?: readonly Uint8Array[] | undefined;
}

/** How far the room's log was read. */
export interface CursorRecord {
  readonly cursor: number;
  /** SHA-256 of the MLSMessage of the event there, in hex; empty when it is not known, or there was none. */
  readonly hash: string;
  /**
   * The group stands in a log that the hub has lost. Until a new seat is taken nothing is read, said or committed with it.
   */
  readonly astray?: true;
  /** The event after it: a commit or proposal that this client does not follow. Nothing is read, said or committed while it is here. */
  readonly refused?: RefusedEvent;
}

/** A commit or proposal that this client refused (docs/adr/0015-provisional-commits.md), and why. */
export interface RefusedEvent {
  /** SHA-256 of its MLSMessage in hex. */
  readonly hash: string;
  /** `policy`: the room's policy forbids it. Else the code of what went wrong with it. */
  readonly code: string;
  /** Which rule forbids it. */
  readonly rule?: string;
  readonly detail?: string;
  /** Somebody else follows it: the room goes on without this client. */
  readonly stands?: true;
}

/** A KeyPackage that is or will be published, with what opens a Welcome to it. */
export interface KeyPackageRecord {
  /** Its KeyPackageRef (RFC 9420, 5.2) in hex. */
  readonly reference: string;
  /** The client that it adds. */
  readonly clientUri: string;
  readonly lastResort: boolean;
  /** When it is good, in milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** The MLSMessage: sent again as it is when the provider has lost it. */
  readonly message: Uint8Array;
  /** HPKE private keys, 32 octets each. */
  readonly initKey: Uint8Array;
  readonly leafKey: Uint8Array;
}

/** A user as a line names it. */
export interface NamedUser {
  readonly userUri: string;
  readonly nickname: string;
}

export type EntryContent =
  | { readonly kind: "text"; readonly text: string; readonly format: "plain" | "markdown" }
  | { readonly kind: "unsupported"; readonly contentType: string }
  /** `restored`: the hub went back to an earlier copy of the room; `diverged`: it showed the sender another log. */
  | { readonly kind: "joined" | "left" | "restored" | "diverged" }
  | { readonly kind: "removed"; readonly by?: NamedUser; readonly banned?: true }
  | { readonly kind: "roleChanged"; readonly from: Role; readonly to: Role; readonly by: NamedUser }
  /** Policies before and after, encoded, without their lists: what they say to a person is said when it is read. */
  | { readonly kind: "policyChanged"; readonly before: Uint8Array; readonly after: Uint8Array }
  | { readonly kind: "renamed"; readonly name: string }
  /** The sender tried what the policy forbids. */
  | { readonly kind: "refused"; readonly what: "commit" | "proposal" | "message"; readonly rule: string };

/** A line of the timeline. */
export interface EntryRecord {
  readonly id: string;
  readonly order: number;
  readonly sender: { readonly userUri: string; readonly nickname: string; readonly own: boolean };
  readonly time: number;
  readonly content: EntryContent;
  readonly status: "waiting" | "failed" | "sent";
  /** SHA-256 of the MLSMessage that it came by, in hex: whether the hub still has it can be told by it. */
  readonly hash?: string;
  /** Of an own text, 16 octets in base64url: what is needed to say the very same again. */
  readonly salt?: string;
  /** Of an own text: when it was typed, in milliseconds since 1970, by the clock here. */
  readonly typed?: number;
  /** The hub has lost the event that it came by. */
  readonly stray?: true;
  /** Why it failed. */
  readonly failure?: {
    readonly code: "notAllowed" | "banned" | "tooLarge" | "newcomers" | "providerFault";
    readonly rule?: string;
    readonly detail?: string;
  };
}

/** A message that the hub has not acknowledged. */
export interface OutboxRecord {
  /** Message ID in hex. */
  readonly id: string;
  /** Encoded MIMI content, salt included: what is protected, and protected again. */
  readonly content: Uint8Array;
  /** Where it stands in line. */
  readonly order: number;
  /**
   * `discarded`: taken back after it was sealed. It is not sent any more, but it may have been: until its epoch ends the
   * log may show that it arrived.
   */
  readonly state: "waiting" | "failed" | "discarded";
  /**
   * Ciphertexts by which it was said before, by SHA-256 in hex: the hub lost them, or put them elsewhere. The log may bring
   * one again, and says which came first.
   */
  readonly former?: readonly string[];
  /** Users that it may be said to again unasked: those who were there. Absent: to whoever is in the room. */
  readonly audience?: readonly string[];
  /** The ciphertext, once it is made: sent again as it is. */
  readonly sealed?: {
    readonly body: Uint8Array;
    /** SHA-256 of the MLSMessage in hex. */
    readonly hash: string;
    /** The group that it was made in, by its ID in hex; a room's next group begins at epoch 0 again. */
    readonly group: string;
    readonly epoch: bigint;
  };
}

/** A change of the seat. Everything in it is on disk after {@link SeatDatabase.commitStep}, or nothing. */
export interface Step {
  /** `null` deletes. */
  readonly identity?: IdentityRecord | null | undefined;
  readonly group?: GroupRecord | null | undefined;
  readonly cursor?: CursorRecord | null | undefined;
  readonly entries?: readonly EntryRecord[] | undefined;
  readonly entriesGone?: readonly string[] | "all" | undefined;
  readonly outbox?: readonly OutboxRecord[] | undefined;
  readonly outboxGone?: readonly string[] | "all" | undefined;
  readonly keyPackages?: readonly KeyPackageRecord[] | undefined;
  readonly keyPackagesGone?: readonly string[] | "all" | undefined;
  /** The nickname to offer when it is asked again. */
  readonly suggestedNickname?: string | undefined;
  /** What the person accepts of rooms. */
  readonly acceptance?: Acceptance | undefined;
}

/** The whole seat but its timeline. */
export interface SeatRecord {
  readonly identity: IdentityRecord | undefined;
  readonly group: GroupRecord | undefined;
  readonly cursor: CursorRecord | undefined;
  readonly outbox: readonly OutboxRecord[];
  readonly keyPackages: readonly KeyPackageRecord[];
  readonly suggestedNickname: string | undefined;
  readonly acceptance: Acceptance | undefined;
}
