/** What a member commits, in terms that both layers have. */
export interface GapWish {
  /** Leaf indices to take out. */
  readonly removes?: readonly number[];
  /** Type of the one extension that the group's context is to have. */
  readonly extension?: number;
  readonly authenticatedData?: Uint8Array;
}

/** What an application is shown of a received commit before it is kept. */
export interface GapSeen {
  /** Leaf index of the committer in the new tree. */
  readonly committer: number | undefined;
  readonly authenticatedData: Uint8Array | undefined;
  /** The leaf that the commit brings. */
  readonly leaf: boolean;
  /** How many members the resulting tree has. */
  readonly members: number | undefined;
}

/** A member's state of a group: never changed, as far as the layer holds to that. */
export interface GapMember {
  readonly leafIndex: number;
  readonly epoch: bigint;
  /** The epoch authenticator in hex. */
  readonly authenticator: string;
  /** What is needed to encrypt sender data as a member of the epoch. */
  readonly header: { readonly groupId: Uint8Array; readonly epoch: bigint; readonly senderDataSecret: Uint8Array };
  /** MLSMessage(GroupInfo) with `external_pub`, and the tree as `optional<Node> ratchet_tree<V>`. */
  info(): Promise<{ readonly groupInfo: Uint8Array; readonly ratchetTree: Uint8Array }>;
  commit(wish: GapWish): Promise<{ readonly commit: Uint8Array; readonly next: GapMember }>;
  /** Follows a commit of another, if the application agrees with what it is shown. */
  follow(commit: Uint8Array, decide?: (seen: GapSeen) => Promise<boolean>): Promise<GapMember>;
  /** Follows a commit and drops the outcome, with all that the layer says may be forgotten by then. */
  followAndDrop(commit: Uint8Array): Promise<void>;
  propose(removed: number): Promise<Uint8Array>;
  /** Takes note of somebody's proposal. */
  note(proposal: Uint8Array): Promise<GapMember>;
  say(text: string): Promise<{ readonly message: Uint8Array; readonly next: GapMember }>;
  hear(message: Uint8Array): Promise<{ readonly text: string; readonly sender: number | undefined }>;
  /** The Welcome of a commit that adds one newcomer, made as the layer makes it by itself. */
  welcome(): Promise<Uint8Array>;
  /** The state as it is stored. */
  stored(): Uint8Array;
}

/** An MLS layer, as far as the gaps of ts-mls 1.6.4 are told by it. */
export interface GapLayer {
  readonly name: string;
  /** Hashes and key derivations that were made so far. */
  readonly work: { readonly hashes: number; readonly derivations: number };
  /** A group of `size`, the last member added without a path; the states of the first `live` members, at most all. */
  group(size: number, live?: number): Promise<readonly GapMember[]>;
  /** Joins from outside; `psk`: with that pre-shared key; `over`: in the place of that leaf, whose identity it claims. */
  join(
    info: { readonly groupInfo: Uint8Array; readonly ratchetTree: Uint8Array },
    how: { readonly psk?: Uint8Array; readonly over?: number; readonly authenticatedData?: Uint8Array },
  ): Promise<{ readonly commit: Uint8Array; readonly member: GapMember }>;
  /** Whether somebody may be added whose KeyPackage is good for so many days from now. */
  mayAdd(days: number): Promise<boolean>;
  /** A SelfRemove proposal (mls-extensions) on the wire. */
  selfRemove(): Uint8Array;
}

/** An extension that all members say they support, and one that none does. */
export const SUPPORTED = 0xf0aa;
export const UNSUPPORTED = 0xf0bb;
/** The pre-shared key that members know, by its ID. */
export const PSK_ID = Uint8Array.of(1, 2, 3, 4);
export const PSK = new Uint8Array(32).fill(7);
