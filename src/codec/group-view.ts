import type { Acceptance, UserClaims } from "./leaf-extensions.js";

/**
 * What a policy may look at in a group: plain data, derived from the GroupContext, the ratchet tree and signed bytes
 * only, so that every client and the hub derive the same (resolutions of the seed drafts, "What decides").
 */
export interface GroupView {
  /** MLS group ID (RFC 9420, 8.1). */
  readonly groupId: Uint8Array;
  readonly epoch: bigint;
  /** TLS-encoded RoomPolicy, the content of the `room_policy` GroupContext extension. */
  readonly roomPolicy: Uint8Array;
  /** Every client in the group, in the order of their leaves. */
  readonly members: readonly Member[];
  /** Every GroupContext extension as it stands on the wire, `room_policy` included. */
  readonly extensions: readonly ExtensionView[];
}

/** One client in the group, as its leaf states it; the leaf's client binding has been verified. */
export interface Member {
  readonly leafIndex: number;
  /** `mimi://domain/d/user/client`: the identity of the leaf's basic credential. */
  readonly clientUri: string;
  /** `mimi://domain/u/user`: the user of that client. */
  readonly userUri: string;
  /** What the user wants to be called here; shown, never compared. */
  readonly nickname: string;
  /** The leaf's Ed25519 public key, 32 octets. */
  readonly signatureKey: Uint8Array;
  /** The user's Ed25519 public key, 32 octets; for a guest the user ID contains its hash. */
  readonly userKey: Uint8Array;
  /** What the leaf says that its user accepts of a room; absent: everything. */
  readonly acceptance?: Acceptance;
  /**
   * What a provider says of the user, signed by the key that stands in it. They count where the room's external senders name that
   * key as the provider's.
   */
  readonly claims?: UserClaims;
}

/** A GroupContext extension: its number and its bytes (RFC 9420, 7.2). */
export interface ExtensionView {
  readonly type: number;
  readonly data: Uint8Array;
}

/** Who sent a proposal or a commit (RFC 9420, 6). */
export type SenderView =
  | { readonly kind: "member"; readonly member: Member }
  | { readonly kind: "external"; readonly senderIndex: number }
  | { readonly kind: "newMemberCommit"; readonly member: Member }
  | { readonly kind: "newMemberProposal"; readonly member: Member };

/** A proposal with its own sender, which is not always the committer (RFC 9420, 12.1 and mls-extensions). */
export type ProposalView = { readonly sender: SenderView } & (
  | { readonly kind: "add"; readonly added: Member }
  | { readonly kind: "update"; readonly updated: Member }
  | { readonly kind: "remove"; readonly removed: Member }
  | { readonly kind: "selfRemove"; readonly removed: Member }
  | { readonly kind: "groupContextExtensions"; readonly extensions: readonly ExtensionView[] }
  | { readonly kind: "externalInit" }
  | { readonly kind: "psk" }
  | { readonly kind: "reInit" }
  | { readonly kind: "unknown"; readonly type: number }
);

/** A commit, staged and not yet kept: what policy judges. */
export interface CommitView {
  readonly sender: SenderView;
  readonly proposals: readonly ProposalView[];
  /** The committer's new leaf, when the commit carries a path. */
  readonly committer: Member | undefined;
  readonly before: GroupView;
  readonly after: GroupView;
}
