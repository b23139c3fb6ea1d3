import type { CommitView, GroupView, ProposalView } from "../codec/group-view.js";
import type { UserClaims } from "../codec/leaf-extensions.js";
import type { RoomPolicy } from "../codec/room-policy.js";

/**
 * What someone wants to do in a room. Users and clients are named by their URIs; that the actor is who it says is
 * settled before policy is asked (leaf signature, access token).
 */
export type Action =
  /**
   * Make a room that lives by `policy`, with its first group; the room judged is `roomStateOf` that group. The hub checks
   * that the room ID is free.
   */
  | { readonly kind: "createRoom"; readonly user: string; readonly policy: RoomPolicy }
  /**
   * Start a new group of a persistent room that has none; the room judged is the one retained. `group` is what is offered,
   * `retained` the policy that the hub kept, encoded.
   */
  | {
      readonly kind: "startGroup";
      readonly user: string;
      readonly group: GroupView;
      readonly retained: Uint8Array;
    }
  /**
   * Get the GroupInfo and tree, which is what joining needs first. `claims` are those that the user comes with, their signature
   * checked; without them it gets what somebody without claims gets.
   */
  | { readonly kind: "fetchGroupInfo"; readonly user: string; readonly claims?: UserClaims }
  | FetchKeyPackages
  /** A staged commit, a join by External Commit included; the room judged is `roomStateOf(commit.before)`. */
  | { readonly kind: "commit"; readonly commit: CommitView }
  /** A proposal on its own, to be committed by someone later. */
  | { readonly kind: "propose"; readonly proposal: ProposalView }
  /** Send an application message in this epoch. */
  | { readonly kind: "sendMessage"; readonly user: string }
  /** Delete the group: its last client, or the hub's system user (the hub's own URI). */
  | { readonly kind: "closeGroup"; readonly client: string };

/** Get KeyPackages of another user's clients, to add them to this room; asked of the target's provider, which knows the rest. */
export interface FetchKeyPackages {
  readonly kind: "fetchKeyPackages";
  readonly requester: string;
  readonly target: string;
  /** What the target said to the requester: that it may, in this room or in all; nothing; or that it may not (any more). */
  readonly consent: "room" | "all" | "none" | "declined";
  /** Whether these are what the target gave to the requester itself, with a knock or a consent. */
  readonly handedOver?: boolean;
  /** How many more the provider lets this requester have outstanding without the target's consent. */
  readonly providerAllowance: number;
}
