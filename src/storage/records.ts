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
export type PendingPurpose = "createRoom" | "startGroup" | "join" | "commitProposals";

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
  readonly pending?: PendingRecord | undefined;
  /** Proposals of this epoch that policy allows, as MLSMessages. */
  readonly proposals: readonly Uint8Array[];
}

export type EntryContent =
  | { readonly kind: "text"; readonly text: string; readonly format: "plain" | "markdown" }
  | { readonly kind: "unsupported"; readonly contentType: string }
  | { readonly kind: "joined" | "left" | "removed" };

/** A line of the timeline. */
export interface EntryRecord {
  readonly id: string;
  readonly order: number;
  readonly sender: { readonly userUri: string; readonly nickname: string; readonly own: boolean };
  readonly time: number;
  readonly content: EntryContent;
  readonly status: "waiting" | "failed" | "sent";
  /** Why it failed. */
  readonly failure?: {
    readonly code: "notAllowed" | "banned" | "tooLarge" | "providerFault";
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
  readonly cursor?: number | null | undefined;
  readonly entries?: readonly EntryRecord[] | undefined;
  readonly entriesGone?: readonly string[] | "all" | undefined;
  readonly outbox?: readonly OutboxRecord[] | undefined;
  readonly outboxGone?: readonly string[] | "all" | undefined;
  /** The nickname to offer when it is asked again. */
  readonly suggestedNickname?: string | undefined;
}

/** The whole seat but its timeline. */
export interface SeatRecord {
  readonly identity: IdentityRecord | undefined;
  readonly group: GroupRecord | undefined;
  readonly cursor: number | undefined;
  readonly outbox: readonly OutboxRecord[];
  readonly suggestedNickname: string | undefined;
}
