/** A client of one implementation or the other, as the tests drive it: in one group, its own commits accepted at once. */
export interface Peer {
  /** What its credential says: `uuid:device@domain`. */
  readonly id: string;
  readonly implementation: "src/mls" | "OpenMLS";
  /** Octets of a KeyPackage, without MLSMessage around it. */
  offer(): Promise<Uint8Array>;
  /** Begins a group; `externalSender` is the Ed25519 key of somebody outside who may propose. */
  found(groupId: Uint8Array, externalSender?: Uint8Array): Promise<void>;
  /** Commits the additions and removals, with whatever is pending; a path alone without any. */
  commit(wish?: Wish): Promise<Sent>;
  /** Processes a commit or a proposal of another member. */
  process(message: Uint8Array): Promise<void>;
  join(welcome: Uint8Array): Promise<void>;
  joinExternally(groupInfo: Uint8Array): Promise<Sent>;
  say(text: string): Promise<Uint8Array>;
  hear(message: Uint8Array): Promise<Heard>;
  /** The secret that both export, with the label "exporter" and no context: 32 octets in hexadecimal digits. */
  exported(): Promise<string>;
  epoch(): Promise<bigint>;
  /** Whether it is in the group, as far as it knows. */
  isIn(): boolean;
  members(): Promise<readonly string[]>;
}

export interface Wish {
  /** What {@link Peer.offer} gave. */
  readonly add?: readonly Uint8Array[];
  /** {@link Peer.id}s. */
  readonly remove?: readonly string[];
}

/** What a commit is made of; MLSMessages. The tree is inside of Welcome and GroupInfo. */
export interface Sent {
  readonly commit: Uint8Array;
  readonly welcome: Uint8Array | undefined;
  readonly groupInfo: Uint8Array;
}

export interface Heard {
  readonly from: string;
  readonly text: string;
}
